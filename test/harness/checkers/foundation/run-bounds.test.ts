import { expect, test } from 'vitest';
import { count } from '../../../../harness/base/in-words.ts';
import { transitionsLogged } from '../../../../harness/checkers/breaker/transitions-logged.ts';
import { generatorSound } from '../../../../harness/checkers/foundation/generator-sound.ts';
import { serviceStaysUp } from '../../../../harness/checkers/foundation/service-stays-up.ts';
import { thresholdsHold } from '../../../../harness/checkers/foundation/thresholds-hold.ts';
import { secretOf, tally } from '../../../../harness/checkers/lib/checker.ts';
import { steadyState } from '../../../../harness/checkers/load/steady-state.ts';
import { impostorGetsNothing } from '../../../../harness/checkers/upstream/impostor-gets-nothing.ts';
import { outageIsolated } from '../../../../harness/checkers/upstream/outage-isolated.ts';
import type { PhaseData } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent, ThresholdEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import {
  begun,
  connection,
  facts,
  handshakeFailed,
  receipt,
  request,
  requests,
  STRAY,
  T0,
} from '../../../support/history.ts';
import { judge } from '../../../support/judge.ts';

const LLM = facts('llm');

test('formats counts and tallies', () => {
  expect([count(1, 'call'), count(0, 'call'), count(2, 'reply', 'replies')]).toEqual([
    '1 call',
    '0 calls',
    '2 replies',
  ]);
  expect([tally([]), tally([201, 503, 201])]).toEqual(['none', '2 × 201, 1 × 503']);
});

test('throws if the contract has no secret', () => {
  const { secret: _, ...contract } = LLM.contract;
  expect(() => secretOf({ ...LLM, contract })).toThrow('the contract describes no secret');
});

test('an unknown checker is reported, and makes the result INCONCLUSIVE', () => {
  expect(judge(new History(), LLM, ['moon'])).toContainEqual(
    expect.objectContaining({
      check: 'moon',
      observed: 'there is no such checker',
      verdict: 'INCONCLUSIVE',
      usually: expect.stringMatching(/another version/),
    }),
  );
});

type Ended = { code: number | null; signal: string | null; why?: string };
const ended = (how: Ended): HistoryEvent => ({ type: 'engine', at: T0, event: 'ended', ...how });
const dropped = (iterations: number): HistoryEvent => ({ type: 'engine', at: T0, event: 'dropped', iterations });
const error = (text: string): HistoryEvent => ({ type: 'engine', at: T0, event: 'error', text });
const WELL = ended({ code: 0, signal: null });

test.each<[string, HistoryEvent[], string[]]>([
  ['it did', [WELL], []],
  ['its end was not recorded', [error('boom')], ['boom']],
  ['killed by SIGKILL', [ended({ code: null, signal: 'SIGKILL' })], []],
  ['exit code null', [ended({ code: null, signal: null })], []],
  ['exit code 255', [ended({ code: 255, signal: null })], []],
  ['the lab stopped it: late', [ended({ code: 0, signal: 'SIGTERM', why: 'late' })], []],
  ['5 iterations were dropped', [WELL, dropped(2), dropped(3)], []],
  ['it did', [WELL, dropped(0)], []],
  ['exit code 1', [ended({ code: 1, signal: null }), error('boom'), dropped(1)], ['boom', '1 iterations were dropped']],
])('reports for the generator: %s', (observed, events, evidence) => {
  const [finding] = generatorSound.judge(new History(events), LLM);
  expect(finding).toMatchObject({ observed, verdict: observed === 'it did' ? 'PASS' : 'INCONCLUSIVE' });
  expect(finding?.evidence ?? []).toEqual(evidence);
});

const service = (event: 'started' | 'exited' | 'found' | 'lost', at: number, more: object = {}) =>
  ({ type: 'service', at: T0 + at, event, ...more }) as HistoryEvent;

test.each<[string, string, HistoryEvent[]]>([
  [
    'FAIL',
    'the service exited with code 1 after 0.0 s, without being stopped by the lab',
    [service('exited', 900, { code: 1 })],
  ],
  ['INCONCLUSIVE', 'it was not running', [service('exited', 900, { code: 0, asked: true })]],
  ['PASS', 'it ran throughout', [service('started', 0)]],
  ['PASS', 'it ran throughout', [service('found', 0)]],
  ['FAIL', 'it no longer answers at its ready path', [service('found', 0), service('lost', 900)]],
])('gives %s for the process: %s', (verdict, observed, events) => {
  expect(serviceStaysUp.judge(new History(events), LLM)).toMatchObject([{ verdict, observed }]);
});

test('a crash names the last line of its log and the last fault before it', () => {
  const events = [
    receipt(1, 100, 5, 'groq', ['f1:status']),
    receipt(2, 400, 5, 'mem0', ['f2:partial-json']),
    receipt(3, 500, 5, 'groq'),
    service('exited', 900, { code: 1, said: 'SyntaxError' }),
    receipt(4, 950, 5, 'groq', ['f1:status']),
  ];
  expect(serviceStaysUp.judge(new History(events), LLM)[0]?.evidence).toEqual([
    'the end of its log: SyntaxError',
    'the last fault before it: partial-json at mem0, 0.50 s earlier',
  ]);
});

test('the steady state requires that every call is served, by the endpoint it was meant for', () => {
  const steady = (...of: [string, number][]) =>
    steadyState.judge(
      new History([
        STRAY,
        begun(1, { action: 'steady' }, -1, 0),
        ...of.map(([endpoint, status], at) => request(at, 1, status, { phase: '1', endpoint })),
      ]),
      LLM,
    )[0]?.verdict;
  expect(steady(['health', 200], ['conversation-end', 201])).toBe('PASS');
  expect(steady(['health', 201])).toBe('INCONCLUSIVE');
  expect(steady(['health', 200], ['moon', 200])).toBe('INCONCLUSIVE');
});

const threshold = (metric: string, values: Record<string, number>, ok = true): ThresholdEvent => ({
  type: 'threshold',
  at: T0,
  metric,
  expression: 'rate==1',
  ok,
  samples: 1,
  values,
});

test('reports the values of each threshold with four digits', () => {
  const found = thresholdsHold.judge(
    new History([threshold('a', { 'p(95)': 12.34567, max: 20 }), threshold('b', {}, false)]),
    LLM,
  );
  expect(found).toMatchObject([
    { check: 'threshold a', observed: 'p(95) 12.35, max 20 (1 sample)', verdict: 'PASS' },
    { check: 'threshold b', verdict: 'FAIL' },
  ]);
});

const LOGGED = ['open', 'half-open', 'open', 'half-open', 'closed'] as const;
const line = (breaker: string, to: (typeof LOGGED)[number], at: number, text = ''): HistoryEvent => ({
  type: 'transition',
  at: T0 + at,
  breaker,
  to,
  line: text,
});
const TRIALS = [
  begun(1, { action: 'half-open' }, 0, 0),
  receipt(1, 1, 1, 'groq'),
  begun(2, { action: 'reopened' }, 2, 1),
  receipt(2, 3, 1, 'groq'),
];
const words = '⚠️ Circuit breaker opened for _invoke_llm after 5 failures';
const logged = (events: HistoryEvent[], of = LLM) => transitionsLogged.judge(new History(events), of);
const lines = LOGGED.map((to, index) => line('llm', to, index * 2_000, words));

test('a log without half-open lines is only judged by the other transitions', () => {
  const llm = LLM.contract.breakers.llm as NonNullable<typeof LLM.contract.breakers.llm>;
  const log = { ...(llm.log as NonNullable<typeof llm.log>), halfOpen: undefined };
  const of = { ...LLM, contract: { ...LLM.contract, breakers: { ...LLM.contract.breakers, llm: { ...llm, log } } } };
  const others = lines.filter((event) => event.type === 'transition' && event.to !== 'half-open');
  expect(logged([...TRIALS, ...others], of)).toMatchObject([
    { expected: `open, open, closed; first "${words}"`, verdict: 'PASS' },
  ]);
  expect(logged([...TRIALS, ...others.slice(0, 2)], of)).toMatchObject([{ verdict: 'FAIL' }]);
});

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'the other breaker as well', [...TRIALS, ...lines, line('memory', 'open', 9)]],
  ['FAIL', 'one line more', [...TRIALS, ...lines, line('llm', 'open', 9)]],
  ['FAIL', 'other words at first', [...TRIALS, line('llm', 'open', -1, 'oops'), ...lines.slice(1)]],
  ['INCONCLUSIVE', 'no first trial', [...TRIALS.slice(2), ...lines]],
  ['INCONCLUSIVE', 'no second trial', [...TRIALS.slice(0, 3), ...lines]],
])('gives %s for a log: %s', (verdict, _, events) => {
  expect(logged(events)[0]?.verdict).toBe(verdict);
});

test("nothing is judged if the contract doesn't describe the log", () => {
  const { llm } = LLM.contract.breakers;
  if (!llm) throw new Error('the reference has a breaker for the LLM');
  const { log: _, ...silent } = llm;
  expect(logged(TRIALS, { ...LLM, contract: { ...LLM.contract, breakers: { llm: silent } } })).toEqual([]);
  expect(logged([...TRIALS, ...lines])[0]).toMatchObject({
    expected: `open, half-open, open, half-open, closed; first "${words}"`,
    evidence: lines.map(() => words),
  });
  expect(logged(TRIALS)[0]?.observed).toBe('no line');
});

const POSED = { action: 'impostor', upstream: 'groq', certificate: 'expired', endpoint: 'conversation-end' } as const;
const posed = (events: HistoryEvent[], { data = POSED, refusal }: { data?: PhaseData; refusal?: number } = {}) => {
  const contract = { ...LLM.contract, tls: { ...LLM.contract.tls, refusal } };
  const history = new History([begun(1, data, 0, 0), STRAY, ...events]);
  return impostorGetsNothing.judge(history, { ...LLM, contract }).map(({ verdict }) => verdict);
};
const answered = (status: number) => request(1, 5, status, { phase: '1' });

test.each<[string, string, HistoryEvent[]]>([
  ['FAIL', 'a redirect', [answered(399), handshakeFailed(1, 2, 'groq')]],
  ['PASS', 'an error', [answered(400), handshakeFailed(1, 2, 'groq')]],
  ['PASS', 'no answer', [answered(0), handshakeFailed(1, 2, 'groq')]],
  ['INCONCLUSIVE', 'no call', [handshakeFailed(1, 2, 'groq')]],
  ['INCONCLUSIVE', 'a handshake elsewhere', [answered(502), handshakeFailed(1, 2, 'mem0')]],
])('gives %s for an impostor whose caller got %s', (verdict, _, events) => {
  expect(posed(events)).toEqual([verdict]);
});

test.each<[string, number]>([
  ['PASS', 502],
  ['FAIL', 500],
  ['FAIL', 201],
  ['FAIL', 0],
])('gives %s for an impostor whose caller should get 502 according to the contract, and got %i', (verdict, status) => {
  expect(posed([answered(status), handshakeFailed(1, 2, 'groq')], { refusal: 502 })).toEqual([verdict]);
});

const DATABASE = {
  ...POSED,
  upstream: 'database',
  endpoint: 'conversation-read',
};
const refusedThere = handshakeFailed(4, 20, 'database');

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'nothing', [refusedThere]],
  [
    'PASS',
    'nothing, and connections from before and after',
    [refusedThere, ...[5, 100].map((at) => connection(3, at, 'database'))],
  ],
  ['FAIL', 'a connection', [refusedThere, connection(3, 20, 'database')]],
  ['INCONCLUSIVE', 'nobody', []],
  ['INCONCLUSIVE', 'somebody before', [handshakeFailed(4, 9, 'database')]],
])('gives %s for a database impostor whose caller got %s', (verdict, _, events) => {
  const history = (status: number) =>
    new History([
      begun(1, DATABASE, 10, 400),
      request(11, 5, status, { phase: '1' }),
      begun(2, { when: 'after', of: 1 }, 100, 400),
      ...events,
    ]);
  expect(impostorGetsNothing.judge(history(503), LLM).map((finding) => finding.verdict)).toEqual([verdict]);
  expect(impostorGetsNothing.judge(history(500), LLM).map((finding) => finding.verdict)).toEqual(['FAIL']);
});

/** Calls that opened the breaker, and the beginning of the phase in which it is open. */
const OPENED = [
  begun(1, { action: 'opening' }, -3_000, 0),
  ...requests(5, -3_000, 600, 502, { phase: '1' }),
  begun(2, { action: 'open' }, 0, 0),
];
const isolated = (events: HistoryEvent[], of = LLM) => outageIsolated.judge(new History([...OPENED, ...events]), of);
const health = (status: number) => request(5, 5, status, { phase: '2', about: 'health' });

test('one failed health check among good ones is a failure', () => {
  expect(isolated([health(200), health(503)])[1]).toMatchObject({ verdict: 'FAIL', observed: '1 × 200, 1 × 503' });
});

test('nothing is judged if the contract has no health endpoint', () => {
  const { health: _, ...endpoints } = LLM.contract.endpoints;
  expect(isolated([], { ...LLM, contract: { ...LLM.contract, endpoints } })).toHaveLength(1);
});
