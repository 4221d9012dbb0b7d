import { expect, test } from 'vitest';
import { countsAgree } from '../../../../harness/checkers/foundation/counts-agree.ts';
import { nothingStalled } from '../../../../harness/checkers/foundation/nothing-stalled.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { type CountEvent, type HistoryEvent, PARTIES, type Stall } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, metric, receipt, request, requests, starved, T0, verdicts } from '../../../support/history.ts';
import { judge } from '../../../support/judge.ts';

const LLM = facts('llm');

/** A pause of `ms` milliseconds that ended `until` milliseconds after T0. */
const stall = (until: number, ms: number, of: Stall['of'] = 'generator'): Stall => ({
  type: 'stall',
  at: T0 + until,
  ms,
  of,
});
const watched = stall(10, 3, 'lab');
/** Requests from T0 until 1 s later. */
const LOAD = requests(10, 0, 100, 200, {});

/** Records that the generator's process was monitored and was never stopped. */
const unstopped = stall(1_000, 0, 'generator process');

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'longest pause: 3 ms, in the lab', [watched]],
  ['PASS', 'longest pause: 249 ms, in the generator', [watched, stall(500, 249)]],
  ['voids', 'longest pause: 250 ms, in the generator', [watched, unstopped, stall(500, 250)]],
  ['voids', 'longest pause: 499 ms, in the generator', [watched, unstopped, stall(500, 499)]],
  ['INCONCLUSIVE', 'longest pause: 500 ms, in the generator', [watched, unstopped, stall(500, 500)]],
  ['INCONCLUSIVE', 'longest pause: 250 ms, in the generator', [watched, stall(500, 250)]],
  ['INCONCLUSIVE', 'longest pause: 310 ms, in the generator process', [watched, stall(500, 310, 'generator process')]],
  ['INCONCLUSIVE', 'longest pause: 900 ms, in the machine', [watched, stall(500, 300), stall(950, 900, 'machine')]],
  ['INCONCLUSIVE', 'longest pause: 250 ms, in the machine', [watched, unstopped, stall(950, 250, 'machine')]],
  ['INCONCLUSIVE', 'longest pause: 400 ms, in the lab', [watched, stall(500, 400, 'lab'), stall(900, 300)]],
  ['PASS', 'longest pause: 3 ms, in the lab', [watched, stall(0, 400)]],
  ['PASS', 'longest pause: 249 ms, in the generator', [watched, stall(249, 400)]],
  ['INCONCLUSIVE', 'longest pause: 250 ms, in the generator', [watched, stall(250, 400)]],
  ['INCONCLUSIVE', 'longest pause: 500 ms, in the lab', [watched, stall(1_100, 600, 'lab')]],
  ['voids', 'longest pause: 499 ms, in the lab', [watched, stall(1_101, 600, 'lab')]],
  ['voids', 'longest pause: 250 ms, in the lab', [watched, stall(1_150, 400, 'lab')]],
  ['PASS', 'longest pause: 249 ms, in the lab', [watched, stall(1_151, 400, 'lab')]],
  ['PASS', 'longest pause: 3 ms, in the lab', [watched, stall(1_400, 400)]],
  ['INCONCLUSIVE', 'longest pause: 310 ms, in the generator process', [watched, stall(-10, 310, 'generator process')]],
  ['PASS', 'no pause', [stall(-10, 3, 'lab')]],
  ['INCONCLUSIVE', 'pauses were not recorded', [stall(10, 3)]],
])('gives %s for pauses: %s', (said, observed, stalls) => {
  const [finding] = nothingStalled.judge(new History([...LOAD, ...stalls]), LLM);
  expect(finding).toMatchObject({ verdict: said === 'voids' ? 'PASS' : said, observed });
  expect(finding?.voids).toBe(said === 'PASS' || observed === 'pauses were not recorded' ? undefined : 'times');
});

test('a soak with many requests can be judged', () => {
  const soak = Array.from({ length: 200_000 }, (_, index) => request(index, 5, 200, {}));
  const [finding] = nothingStalled.judge(new History([...soak, stall(199_000, 300, 'lab')]), LLM);
  expect(finding).toMatchObject({ verdict: 'PASS', voids: 'times' });
});

test('pauses are reported with their time and advice, the longest first', () => {
  const reported = PARTIES.map((party) => starved(party, 0, 0, 0));
  const of = (...events: HistoryEvent[]) =>
    nothingStalled.judge(new History([...LOAD, ...reported, ...events]), LLM)[0];
  expect(of(watched, stall(500, 260), stall(900, 300, 'lab'))?.evidence).toEqual([
    'lab: 300 ms, 0.9 s into the load',
    'generator: 260 ms, 0.5 s into the load',
    expect.stringContaining('run it again'),
  ]);
  expect(of(stall(900, 300, 'lab'))?.evidence).toEqual(['lab: 300 ms, 0.9 s into the load']);
  expect(of(watched)?.evidence).toBeUndefined();
});

test('reports for which parties the waits for a processor are unknown', () => {
  const reported = ['service', 'generator', 'lab'] as const;
  const events = [...LOAD, watched, ...reported.map((party) => starved(party, 0, 0, 0))];
  expect(nothingStalled.judge(new History(events), LLM)[0]).toMatchObject({
    verdict: 'PASS',
    evidence: ['waits for a processor are unknown for: database, fakes'],
  });
});

const ended = (how: { code?: number | null; signal?: string | null; why?: string }): HistoryEvent => ({
  type: 'engine',
  at: T0,
  event: 'ended',
  code: 0,
  signal: null,
  ...how,
});

const closed = (): HistoryEvent[] => [begun(3, { action: 'closed' }, 0, 0), ...requests(3, 0, 5, 503, { phase: '3' })];

/**
 * Rejections by an open breaker that take as long as the calls before it opened, and rejected calls that should find it
 * closed.
 */
const failing = (...more: HistoryEvent[]) => {
  const events = [
    begun(1, { action: 'opening' }, -3_000, 0),
    ...requests(5, -3_000, 600, 502, { phase: '1' }),
    begun(2, { action: 'open' }, 0, 0),
    ...requests(3, 0, 600, 503, { phase: '2', about: 'breaker' }),
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
])('a pause %s voids failures of timed checks only', (_, stalls) => {
  expect(failing()('refuses at once')?.verdict).toBe('FAIL');
  const paused = failing(...stalls);
  expect(paused('closes after a good trial')?.verdict).toBe('FAIL');
  expect(paused('refuses at once')).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: [
      'it failed, but the record is unreliable: nothing stalled: longest pause: 300 ms, in the generator',
      'the median: measured 600 ms minus 300 ms of machine noise: 300 ms',
      'the longest call: measured 600 ms minus 300 ms of machine noise: 300 ms',
    ],
  });
});

test('pauses of another machine are unknown, so failures of timed checks prove nothing there', () => {
  const there = failing(unstopped, { type: 'service', at: T0, event: 'found', elsewhere: true });
  expect(there('closes after a good trial')?.verdict).toBe('FAIL');
  expect(there('refuses at once')).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: expect.arrayContaining([expect.stringContaining("the service's machine and the network can't be seen")]),
  });
});

test('calls in flight that reached an upstream when the script was killed are not reported as extra requests', () => {
  const cut = [
    begun(1, { action: 'failing', upstream: 'groq', fault: '429-at-once', endpoint: 'conversation-end' }, 0, 0),
    receipt(1, 5, 10, 'groq', ['f1:status']),
    ended({ why: 'it did not finish within 80 s' }),
  ];
  const findings = judge(new History(cut), facts(), ['upstream-attempts']);
  expect(findings.find(({ check }) => check.startsWith('attempts at groq'))).toMatchObject({
    expected: '1 request while it fails, 0 afterwards',
    verdict: 'INCONCLUSIVE',
  });
});

test('dropped iterations do not change failures', () => {
  const dropped: HistoryEvent = { type: 'engine', at: T0, event: 'dropped', iterations: 3 };
  expect(failing(ended({}), dropped)('closes after a good trial')?.verdict).toBe('FAIL');
});

test('a crash of the service is a failure, with or without a pause', () => {
  const died: HistoryEvent = { type: 'service', at: T0, event: 'exited', code: 1, signal: null, asked: false };
  const findings = judge(new History([...LOAD, watched, stall(500, 300), died]), LLM, []);
  expect(verdicts(findings)).toMatchObject({ 'nothing stalled': 'INCONCLUSIVE', 'service stays up': 'FAIL' });
});

const counted = (of: CountEvent['of'], value: number, metric?: string): HistoryEvent => ({
  type: 'count',
  at: T0,
  of,
  value,
  ...(metric !== undefined && { metric }),
});
const served = (n: number) => requests(n, 0, 5, 201, { endpoint: 'conversation-end' });
const SUM = counted('requests of the generator', 1);
const ALL = [receipt(4, 0, 1, 'groq'), receipt(5, 1, 1, 'mem0'), receipt(6, 2, 1, 'groq')];

test.each<[string, HistoryEvent[], string[], boolean]>([
  ['all', [...served(1), SUM, ...ALL], ['PASS', 'PASS', 'PASS'], false],
  ['a request less', [SUM, ...ALL], ['INCONCLUSIVE'], true],
  ['a request more', [...served(2), SUM, ...ALL], ['INCONCLUSIVE', 'PASS', 'INCONCLUSIVE'], true],
  ['no sum', ALL, ['INCONCLUSIVE'], false],
  ['nothing', [], ['INCONCLUSIVE'], false],
])('compares counts: %s', (_, events, expected, voids) => {
  const findings = countsAgree.judge(new History(events), LLM);
  expect(findings.map(({ verdict }) => verdict)).toEqual(expected);
  expect(findings.some((finding) => finding.voids === 'everything')).toBe(voids);
});

test('a response that was not read up to its end voids the record, and says how to read more', () => {
  const error = 'the response body is larger than 16 MiB (maxBodySize)';
  const tags = { endpoint: 'health', error, error_code: '1790' };
  const unread = [request(1, 5, 0, tags), request(2, 5, 0, tags), { ...request(3, 5, 0, tags), method: 'POST' }];
  const findings = countsAgree.judge(new History([...unread, SUM]), LLM);
  expect(findings.find(({ check }) => check === 'responses read')).toMatchObject({
    observed: expect.stringMatching(/^GET x: the response body is larger than 16 MiB \(maxBodySize\), 2 times$/),
    verdict: 'INCONCLUSIVE',
    voids: 'everything',
    evidence: [expect.stringMatching(/^POST x: .*, 1 time$/), expect.stringContaining('K6_MAX_BODY_SIZE=64MiB')],
  });
  const other = { ...tags, error_code: '1000' };
  expect(countsAgree.judge(new History([request(1, 5, 0, other)]), LLM)).toHaveLength(1);
});

test('reports what was not counted', () => {
  expect(countsAgree.judge(new History(), LLM)).toMatchObject([
    { check: 'requests counted', observed: '0; the generator reported no total' },
  ]);
});

test('a call that is served without an upstream need not have reached it', () => {
  const { contract } = LLM;
  const optional = { ...contract.endpoints['conversation-end'], servedWithout: ['groq'] };
  const endpoints = { ...contract.endpoints, 'conversation-end': optional };
  const findings = countsAgree.judge(new History(served(1)), { ...LLM, contract: { ...contract, endpoints } } as Facts);
  expect(findings.map(({ check }) => check).slice(1)).toEqual(['served calls reached mem0']);
});

test('a call that may be answered from a cache need not have reached an upstream', () => {
  const { contract } = LLM;
  const cached = { ...contract.endpoints['conversation-end'], answers: { cache: { perCaller: false, seconds: 1 } } };
  const endpoints = { ...contract.endpoints, 'conversation-end': cached };
  const findings = countsAgree.judge(new History(served(1)), { ...LLM, contract: { ...contract, endpoints } } as Facts);
  expect(findings.map(({ check }) => check)).toEqual(['requests counted']);
});

test('reports how many of the expected ones are missing', () => {
  const findings = countsAgree.judge(new History([...served(2), SUM, ...ALL.slice(0, 2)]), LLM);
  expect(findings.map(({ observed }) => observed)).toEqual(['2 of 1', '1 request', '1 request']);
});

const sample = (name: string, value: number) => metric(name, 0, value, {});
const SHOWN: HistoryEvent = { ...request(0, 5, 200, {}), answer: { parts: {} } };
const ROWS: [string, HistoryEvent[], string, string?][] = [
  ['a Trend', [sample('took', 5), sample('took', 5), counted('samples', 2, 'took')], '1 metric'],
  ['a Trend', [sample('took', 5), counted('samples', 2, 'took')], 'took: samples 1 of 2', 'a sample less'],
  ['a Trend', [counted('samples', 1, 'took'), sample('gave', 5)], 'took: samples 0 of 1', 'no sample'],
  ['a Counter', [sample('sold', 0.1), sample('sold', 0.2), counted('sum of samples', 0.3, 'sold')], '1 metric'],
  [
    'a Counter',
    [sample('sold', 1), counted('sum of samples', 2, 'sold')],
    'sold: the sum of the samples 1 of 2',
    'a sample less',
  ],
  ['what responses show', [SHOWN, counted('sum of samples', 1, 'answers')], '1 metric'],
  [
    'what responses show',
    [SHOWN, counted('sum of samples', 2, 'answers')],
    'answers: the sum of the samples 1 of 2',
    'a sample less',
  ],
  ['any metric', [counted('unreadable samples', 1)], "1 line of the samples can't be read", 'a damaged line'],
];
test.each(ROWS)('compares the samples of %s with the generator: %#', (_, events, observed, lacking) => {
  const found = countsAgree.judge(
    new History([...events, counted('requests of the generator', events.includes(SHOWN) ? 1 : 0)]),
    LLM,
  );
  const agrees = lacking === undefined;
  expect(found.at(1)).toMatchObject({
    check: 'metrics counted',
    observed,
    verdict: agrees ? 'PASS' : 'INCONCLUSIVE',
    ...(!agrees && { voids: 'everything' }),
  });
});
