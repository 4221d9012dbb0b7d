import { expect, test } from 'vitest';
import { countsAgree } from '../../../harness/checkers/counts-agree.ts';
import { faultsDelivered } from '../../../harness/checkers/faults-delivered.ts';
import { nothingStalled } from '../../../harness/checkers/nothing-stalled.ts';
import { recovers } from '../../../harness/checkers/recovers.ts';
import { type HistoryEvent, PARTIES, type Stall } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { facts, phase, receipt, request, requests, starved, T0, verdicts } from '../../support/history.ts';
import { judge } from '../../support/judge.ts';

const LLM = facts('llm');

/** A pause that ended so many milliseconds after T0. */
const stall = (until: number, ms: number, of: Stall['of'] = 'generator'): Stall => ({
  ...{ type: 'stall', at: T0 + until, ms, of },
});
const watched = stall(10, 3, 'lab');
/** Requests from T0 until 1 s later. */
const LOAD = requests(10, 0, 100, 200, {});

/** That the generator's process was looked at, and was never stopped. */
const unstopped = stall(1_000, 0, 'generator process');

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'the longest: 3 ms, of the lab', [watched]],
  ['PASS', 'the longest: 249 ms, of the generator', [watched, stall(500, 249)]],
  ['voids', 'the longest: 250 ms, of the generator', [watched, unstopped, stall(500, 250)]],
  ['voids', 'the longest: 499 ms, of the generator', [watched, unstopped, stall(500, 499)]],
  ['INCONCLUSIVE', 'the longest: 500 ms, of the generator', [watched, unstopped, stall(500, 500)]],
  ['INCONCLUSIVE', 'the longest: 250 ms, of the generator', [watched, stall(500, 250)]],
  ['INCONCLUSIVE', 'the longest: 310 ms, of the generator process', [watched, stall(500, 310, 'generator process')]],
  ['INCONCLUSIVE', 'the longest: 900 ms, of the machine', [watched, stall(500, 300), stall(950, 900, 'machine')]],
  ['INCONCLUSIVE', 'the longest: 250 ms, of the machine', [watched, unstopped, stall(950, 250, 'machine')]],
  ['INCONCLUSIVE', 'the longest: 400 ms, of the lab', [watched, stall(500, 400, 'lab'), stall(900, 300)]],
  ['PASS', 'the longest: 3 ms, of the lab', [watched, stall(0, 400)]],
  ['PASS', 'the longest: 249 ms, of the generator', [watched, stall(249, 400)]],
  ['INCONCLUSIVE', 'the longest: 250 ms, of the generator', [watched, stall(250, 400)]],
  ['INCONCLUSIVE', 'the longest: 500 ms, of the lab', [watched, stall(1_100, 600, 'lab')]],
  ['voids', 'the longest: 499 ms, of the lab', [watched, stall(1_101, 600, 'lab')]],
  ['voids', 'the longest: 250 ms, of the lab', [watched, stall(1_150, 400, 'lab')]],
  ['PASS', 'the longest: 249 ms, of the lab', [watched, stall(1_151, 400, 'lab')]],
  ['PASS', 'the longest: 3 ms, of the lab', [watched, stall(1_400, 400)]],
  ['INCONCLUSIVE', 'the longest: 310 ms, of the generator process', [watched, stall(-10, 310, 'generator process')]],
  ['PASS', 'none while it ran', [stall(-10, 3, 'lab')]],
  ['INCONCLUSIVE', 'nobody watched', [stall(10, 3)]],
])('says %s of pauses: %s', (said, observed, stalls) => {
  const [finding] = nothingStalled(new History([...LOAD, ...stalls]), LLM);
  expect(finding).toMatchObject({ verdict: said === 'voids' ? 'PASS' : said, observed });
  expect(finding?.voids).toBe(said === 'PASS' || observed === 'nobody watched' ? undefined : 'times');
});

test('a soak of many requests can be judged', () => {
  const soak = Array.from({ length: 200_000 }, (_, index) => request(index, 5, 200, {}));
  const [finding] = nothingStalled(new History([...soak, stall(199_000, 300, 'lab')]), LLM);
  expect(finding).toMatchObject({ verdict: 'PASS', voids: 'times' });
});

test('a pause is told with its time, the longest first, and what to do', () => {
  const told = PARTIES.map((party) => starved(party, 0, 0, 0));
  const of = (...events: HistoryEvent[]) => nothingStalled(new History([...LOAD, ...told, ...events]), LLM)[0];
  expect(of(watched, stall(500, 260), stall(900, 300, 'lab'))?.evidence).toEqual([
    'lab: 300 ms, 0.9 s into it',
    'generator: 260 ms, 0.5 s into it',
    expect.stringContaining('run it again'),
  ]);
  expect(of(stall(900, 300, 'lab'))?.evidence).toEqual(['lab: 300 ms, 0.9 s into it']);
  expect(of(watched)?.evidence).toBeUndefined();
});

test('says of whom it is not known how long they waited for a processor', () => {
  const told = ['service', 'generator', 'lab'] as const;
  const events = [...LOAD, watched, ...told.map((party) => starved(party, 0, 0, 0))];
  expect(nothingStalled(new History(events), LLM)[0]).toMatchObject({
    verdict: 'PASS',
    evidence: ['not known how long they waited for a processor: database, fakes'],
  });
});

const ended = (how: { code?: number | null; signal?: string | null; why?: string }): HistoryEvent => ({
  ...{ type: 'engine', at: T0, event: 'ended', code: 0, signal: null },
  ...how,
});
const threw: HistoryEvent = { type: 'engine', at: T0, event: 'error', text: 'Uncaught TypeError: boom' };

const closed = (): HistoryEvent[] => [phase('closed', 0, 0), ...requests(3, 0, 5, 503, { phase: 'closed' })];

/** Refusals of an open breaker that take as long as the calls before it, and calls that find it closed refused. */
const failing = (...more: HistoryEvent[]) => {
  const events = [
    ...requests(5, -3_000, 600, 502, { phase: 'opening' }),
    ...requests(3, 0, 600, 503, { phase: 'open', about: 'breaker' }),
    ...closed(),
    watched,
    ...(more.some(({ type }) => type === 'engine') ? [] : [ended({})]),
    ...more,
  ];
  const findings = judge(new History(events), LLM, ['breaker-closes', 'breaker-refuses-at-once']);
  return (check: string) => findings.find((finding) => finding.check === check);
};

test.each([
  ['that voids the run', [stall(12, 300)]],
  ['that does not', [unstopped, stall(12, 300)]],
])('a pause %s voids what failed by times, and nothing else', (_, stalls) => {
  expect(failing()('refuses at once')?.verdict).toBe('FAIL');
  const paused = failing(...stalls);
  expect(paused('closes after a good trial')?.verdict).toBe('FAIL');
  expect(paused('refuses at once')).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['seen to fail, but void: nothing stalled: the longest: 300 ms, of the generator'],
  });
});

test('a record that lacks something voids everything', () => {
  const lacking = failing(counted('requests of the generator', 99));
  expect(lacking('closes after a good trial')?.verdict).toBe('INCONCLUSIVE');
  expect(lacking('refuses at once')?.verdict).toBe('INCONCLUSIVE');
});

test.each<[string, HistoryEvent[], string]>([
  ['threw', [ended({}), threw], 'Uncaught TypeError: boom'],
  ['was killed', [ended({ code: null, signal: 'SIGKILL' })], 'killed by SIGKILL'],
  [
    'reached its time limit',
    [ended({ why: 'it was not done after 80 s' })],
    'the lab ended it: it was not done after 80 s',
  ],
  ['could not begin', [ended({ code: 107 })], 'exit code 107'],
])('a script that %s makes none of its checks fail', (_, events, why) => {
  const cut = failing(...events);
  for (const check of ['closes after a good trial', 'refuses at once']) {
    expect(failing()(check)?.verdict).toBe('FAIL');
    expect(cut(check)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      evidence: expect.arrayContaining([`seen to fail, but void: generator sound: ${why}`]),
    });
  }
});

test('calls that a killed script had under way, and that reached an upstream, are not called too many', () => {
  const name = 'failing groq 429-at-once in conversation-end';
  const cut = [
    phase(name, 0, 0),
    receipt(1, 5, 10, 'groq', ['f1:status']),
    ended({ why: 'it was not done after 80 s' }),
  ];
  const findings = judge(new History(cut), facts(), ['upstream-called-once']);
  expect(findings.find(({ check }) => check.startsWith('calls groq once'))).toMatchObject({
    expected: expect.stringContaining('0 requests there for 0 calls'),
    verdict: 'INCONCLUSIVE',
  });
});

test('thresholds that a script crosses before it is ended do not fail', () => {
  const crossed: HistoryEvent = {
    ...{ type: 'threshold', at: T0, metric: 'iterations', expression: 'count==1' },
    ...{ ok: false, samples: 1, values: { count: 0 } },
  };
  const seen = (end: HistoryEvent) => verdicts(judge(new History([crossed, end]), facts(), []))['threshold iterations'];
  expect([seen(ended({ code: 99 })), seen(ended({ code: 105, why: 'interrupted by SIGINT' }))]).toEqual([
    'FAIL',
    'INCONCLUSIVE',
  ]);
});

test('iterations that were dropped leave what was seen to fail as it is', () => {
  const dropped: HistoryEvent = { type: 'engine', at: T0, event: 'dropped', iterations: 3 };
  expect(failing(ended({}), dropped)('closes after a good trial')?.verdict).toBe('FAIL');
});

test('a service that died failed, pause or not', () => {
  const died: HistoryEvent = { type: 'service', at: T0, event: 'exited', code: 1, signal: null, asked: false };
  const findings = judge(new History([...LOAD, watched, stall(500, 300), died]), LLM, []);
  expect(verdicts(findings)).toMatchObject({ 'nothing stalled': 'INCONCLUSIVE', 'service stays up': 'FAIL' });
});

const counted = (of: 'requests of the generator' | 'first receipt' | 'last receipt', value: number): HistoryEvent => ({
  ...{ type: 'count', at: T0, of, value },
});
const served = (n: number) => requests(n, 0, 5, 201, { endpoint: 'conversation-end' });
const [RECEIPTS, SUM] = [
  [counted('first receipt', 4), counted('last receipt', 6)],
  counted('requests of the generator', 1),
];
const ALL = [receipt(4, 0, 1, 'groq'), receipt(5, 1, 1, 'mem0'), receipt(6, 2, 1, 'groq')];

test.each<[string, HistoryEvent[], string[], boolean]>([
  ['all', [...served(1), SUM, ...RECEIPTS, ...ALL], ['PASS', 'PASS', 'PASS', 'PASS'], false],
  ['a sample less', [SUM, ...RECEIPTS, ...ALL], ['INCONCLUSIVE', 'PASS'], true],
  ['a sample more', [...served(2), SUM, ...RECEIPTS, ...ALL], ['INCONCLUSIVE', 'PASS', 'PASS', 'INCONCLUSIVE'], true],
  ['a receipt less', [...served(1), SUM, ...RECEIPTS, ...ALL.slice(1)], ['PASS', 'INCONCLUSIVE', 'PASS', 'PASS'], true],
  [
    'no last receipt',
    [...served(1), SUM, ...RECEIPTS, ...ALL.slice(0, 2)],
    ['PASS', 'INCONCLUSIVE', 'PASS', 'PASS'],
    true,
  ],
  [
    'one after the last',
    [...served(1), SUM, ...RECEIPTS, ...ALL, receipt(9, 3, 1, 'groq')],
    ['PASS', 'PASS', 'PASS', 'PASS'],
    false,
  ],
  ['no sum', [...RECEIPTS, ...ALL], ['INCONCLUSIVE', 'PASS'], false],
  ['receipts that nobody collected', [SUM, ...served(1), ...ALL], ['PASS', 'INCONCLUSIVE', 'PASS', 'PASS'], false],
  [
    'half of the count of receipts',
    [SUM, ...served(1), RECEIPTS[1] as HistoryEvent, ...ALL],
    ['PASS', 'INCONCLUSIVE', 'PASS', 'PASS'],
    false,
  ],
  ['nothing', [], ['INCONCLUSIVE', 'INCONCLUSIVE'], false],
])('reconciles counts, seeing %s', (_, events, expected, voids) => {
  const findings = countsAgree(new History(events), LLM);
  expect(findings.map(({ verdict }) => verdict)).toEqual(expected);
  expect(findings.some((finding) => finding.voids === 'everything')).toBe(voids);
});

test('a handshake that failed is no request that arrived', () => {
  const failed: HistoryEvent = { ...receipt(4, 0, 1, 'groq'), kind: 'handshake-failed' };
  const [, , groq] = countsAgree(new History([...served(1), failed]), LLM);
  expect(groq).toMatchObject({ check: 'served calls reached groq', verdict: 'INCONCLUSIVE', observed: '0 requests' });
});

test('says what was not counted', () => {
  const missing = countsAgree(new History([RECEIPTS[0] as HistoryEvent]), LLM);
  expect(missing).toMatchObject([
    { check: 'requests counted', observed: '0; the generator gave no sum' },
    { check: 'receipts complete', observed: 'they were not collected', verdict: 'INCONCLUSIVE' },
  ]);
});

test('only calls that were served must have reached an upstream', () => {
  const tags = { endpoint: 'conversation-end' };
  const refused = [request(0, 5, 503, tags), request(0, 5, 200, { endpoint: 'health' }), request(0, 5, 201, {})];
  expect(countsAgree(new History(refused), LLM)).toHaveLength(2);
});

test('says how many of what are missing', () => {
  const findings = countsAgree(new History([...served(2), SUM, ...RECEIPTS, ...ALL.slice(0, 2)]), LLM);
  expect(findings.map(({ observed }) => observed)).toEqual(['2 of 1', '1 of 3 missing', '1 request', '1 request']);
});

const heal = (at: number): HistoryEvent => ({ type: 'fault', at: T0 + at, upstream: 'groq', asked: {} });
const asked = (id: string | undefined, at: number, fault: Record<string, unknown> = {}): HistoryEvent => ({
  ...{
    type: 'fault',
    at: T0 + at,
    upstream: 'groq',
    asked: { kind: 'status', ...fault },
    ...(id !== undefined && { id }),
  },
});

test.each<[string, HistoryEvent[], boolean]>([
  ['a request went without it', [asked('f1', 0), receipt(1, 5, 1, 'groq')], true],
  [
    'a request went without one of two',
    [asked('f1', 0, { next: 2 }), receipt(1, 5, 1, 'groq', ['f1:status']), receipt(2, 9, 1, 'groq')],
    true,
  ],
  ['nobody called', [asked('f1', 0)], false],
  ['somebody called before', [receipt(1, -5, 1, 'groq'), asked('f1', 0)], false],
  ['somebody called once it was healed', [asked('f1', 0), asked(undefined, 5), receipt(1, 9, 1, 'groq')], false],
  ['somebody called another upstream', [asked('f1', 0), receipt(1, 5, 1, 'mem0')], false],
])('a fault that was not delivered voids the run where the fakes are to blame: %s', (_, events, voids) => {
  const [finding] = faultsDelivered(new History(events), LLM);
  expect(finding).toMatchObject({ check: 'faults delivered', verdict: 'INCONCLUSIVE' });
  expect(finding?.voids === 'everything').toBe(voids);
});

test.each<[string, HistoryEvent[], boolean]>([
  [
    'another upstream was healed',
    [asked('f1', 0), { ...(heal(2) as object), upstream: 'mem0' } as HistoryEvent, receipt(1, 5, 1, 'groq')],
    true,
  ],
  ['another fault was asked for', [asked('f1', 0), asked('f2', 2), receipt(1, 5, 1, 'groq', ['f2:status'])], true],
  ['an earlier one was healed', [asked(undefined, -5), asked('f1', 0), receipt(1, 5, 1, 'groq')], true],
  ['a handshake failed', [asked('f1', 0), { ...receipt(1, 5, 1, 'groq'), kind: 'handshake-failed' }], false],
  ['one of two was withheld', [asked('f1', 0), receipt(1, 5, 1, 'groq'), asked('f2', 9)], true],
])('a fault was withheld, or was not, where %s', (_, events, voids) => {
  expect(faultsDelivered(new History(events), LLM)[0]?.voids === 'everything').toBe(voids);
});

test('says of delivery how many got one, and more than were asked for are no delivery', () => {
  const got = (id: string, seq: number) => receipt(seq, seq, 1, 'groq', [`${id}:status`]);
  const all = [asked('f1', 0), asked('f2', 0, { next: 1 }), got('f1', 1), got('f1', 2), got('f2', 3)];
  expect(faultsDelivered(new History(all), LLM)).toMatchObject([{ verdict: 'PASS', observed: 'all, on 3 requests' }]);
  const [more] = faultsDelivered(new History([...all, got('f2', 4)]), LLM);
  expect(more).toMatchObject({ verdict: 'INCONCLUSIVE', observed: 'status at groq: 2 of 1 delivered' });
  expect(more?.voids).toBeUndefined();
  expect(faultsDelivered(new History([got('f1', 1)]), LLM)).toEqual([]);
});

test('one fault is not taken for another whose number begins alike', () => {
  const history = new History([asked('f1', 0), receipt(1, 5, 1, 'groq', ['f12:status'])]);
  expect(faultsDelivered(history, LLM)[0]).toMatchObject({ observed: 'status at groq: 0 of at least 1 delivered' });
});

const again = (...statuses: number[]): HistoryEvent[] =>
  statuses.map((status, index) => request(900 + index, 5, status, { phase: 'steady again', endpoint: 'health' }));
const ask = (at: number, status: number) => request(at, 10, status, { endpoint: 'conversation-end' });

test.each<[string, HistoryEvent[], Record<string, string>]>([
  ['all served', again(200, 200), { 'steady state after': 'PASS' }],
  ['one refused', again(200, 503), { 'steady state after': 'FAIL' }],
  ['one unanswered', again(200, 0), { 'steady state after': 'FAIL' }],
  ['no call', [], { 'steady state after': 'INCONCLUSIVE' }],
  [
    'served after a while',
    [heal(0), ask(1, 503), ask(90, 201), ...again(200)],
    { 'steady state after': 'PASS', 'time to recover': 'PASS' },
  ],
  ['never served', [heal(0), ask(1, 503), ...again(200)], { 'steady state after': 'PASS', 'time to recover': 'FAIL' }],
  [
    'broken again first',
    [heal(0), ask(1, 503), asked('f2', 50), ask(90, 201), ...again(200)],
    { 'steady state after': 'PASS', 'time to recover': 'FAIL' },
  ],
  [
    'served at once, by another clock a little before, and refused once more',
    [heal(10), ask(2, 201), ask(30, 503), asked('f2', 50), ask(60, 503), ...again(200)],
    { 'steady state after': 'PASS', 'time to recover': 'PASS' },
  ],
  ['healed while a call failed', [ask(-5, 503), heal(0), ...again(200)], { 'steady state after': 'PASS' }],
  ['healed, but not called', [ask(-11, 201), heal(0), ...again(200)], { 'steady state after': 'PASS' }],
])('after an outage, seeing %s', (_, events, expected) => {
  expect(verdicts(recovers(new History(events), LLM))).toEqual(expected);
});

test('the time to recover is never negative: an answer that seems to come before the heal came with it', () => {
  const [, finding] = recovers(new History([heal(10), request(1, 5, 201, { endpoint: 'conversation-end' })]), LLM);
  expect(finding).toMatchObject({ observed: '0.00 s', secondsToRecover: 0 });
});

test('the time to recover is a number: the longest from a heal to an answer that is served', () => {
  const events = [heal(0), ask(50, 503), ask(90, 201), ask(95, 201), heal(200), ask(1_690, 201)];
  const [, finding] = recovers(new History(events), LLM);
  expect(finding).toMatchObject({ observed: '1.50 s, the longest of 2', secondsToRecover: 1.5 });
});
