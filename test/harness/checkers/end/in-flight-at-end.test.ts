import { expect, test } from 'vitest';
import { inFlightAtEnd } from '../../../../harness/checkers/end/in-flight-at-end.ts';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { lost, starved, T0 } from '../../../support/history.ts';
import { type Ended, factsOf, historyOf, WITHOUT } from './endings.ts';

type Call = [after: number, ms: number, status: number, code?: string];

/** Six calls that ended before SIGTERM, and these in the middle of which it came. */
const judged = (calls: Call[], given = factsOf(), before: Call = [1_100, 500, 201], ended: Ended = {}) =>
  inFlightAtEnd.judge(historyOf({ calls: { load: [...Array<Call>(6).fill(before), ...calls] }, ...ended }), given)[0];
const REFUSING = factsOf({ inFlight: 'refused-with-503' });

test('requests that are finished pass', () => {
  expect(
    judged([
      [1_700, 500, 201],
      [1_700, 500, 201],
      [1_800, 600, 201],
    ]),
  ).toMatchObject({
    check: 'requests in progress at SIGTERM',
    requests: [{ phase: '1', about: 'load' }],
    expected: 'each is served',
    observed: '3 requests: 3 × 201',
    verdict: 'PASS',
  });
});

test('requests that end with processes which the main process left behind have that as their cause', () => {
  const broken: Call[] = Array<Call>(3).fill([1_700, 1_000, 0, '1220']);
  const why = (exit: NonNullable<Ended['exit']>) => judged(broken, undefined, undefined, { exit })?.usually;
  expect(why({ left: true })).toContain('left other processes behind');
  expect(why({})).toContain('does not wait for its requests');
});

test('if the contract allows it, requests may be refused with 503, but not otherwise', () => {
  const calls: Call[] = [
    [1_700, 350, 503],
    [1_700, 350, 503],
    [1_700, 350, 201],
  ];
  expect(judged(calls, REFUSING)).toMatchObject({ expected: 'each is served or gets 503', verdict: 'PASS' });
  expect(judged([...calls, [1_700, 350, 500]], REFUSING)?.verdict).toBe('FAIL');
  expect(judged([...calls, [1_700, 350, 0, '1220']], REFUSING)?.verdict).toBe('FAIL');
});

const FINISHED = Array<Call>(3).fill([1_700, 500, 201]);
const DRAINED = factsOf({ drainSeconds: 1 });
const drained = (calls: Call[], given = DRAINED, ended: Ended = {}) =>
  judged([...FINISHED, ...calls], given, undefined, { exit: { at: T0 + 4_000 }, ...ended });

test('requests that were accepted while the service was drained must not fail when it ends', () => {
  expect(drained([[2_900, 500, 201]])).toMatchObject({ observed: '3 requests: 3 × 201', verdict: 'PASS' });
  expect(
    drained([
      [2_900, 500, 503],
      [2_900, 500, 0, '1220'],
    ]),
  ).toMatchObject({
    observed: '3 requests: 3 × 201; accepted later, but failed: 1 × 503, 1 × no answer',
    verdict: 'FAIL',
    evidence: ['conversation-end: 503 1.40 s after SIGTERM', 'conversation-end: a failure 1.40 s after SIGTERM'],
  });
});

test('requests that are broken off at the exit were accepted, also on connections that had been used before', () => {
  const on = (ms: number) => lost(2_900, ms, { phase: '1', about: 'load', endpoint: 'conversation-end' });
  const verdictOf = (...others: HistoryEvent[]) => drained([], DRAINED, { others })?.verdict;
  expect(verdictOf(on(200), on(90))).toBe('FAIL');
  expect(verdictOf(on(90))).toBe('PASS');
  expect(verdictOf(on(200), starved('service', 0, 1, 0), starved('service', 2_900, 3_100, 150))).toBe('INCONCLUSIVE');
  expect(judged([], factsOf(), undefined, { others: Array(3).fill({ ...on(500), at: T0 + 1_700 }) })?.verdict).toBe(
    'FAIL',
  );
});

test.each<[string, Call, Ended?]>([
  ['were refused at once', [2_900, 399, 503]],
  ['were sent after the drain', [3_000, 500, 503]],
  ['were sent to the next process', [2_900, 500, 503], { exit: { at: T0 + 2_900 } }],
])('requests need not be finished if they %s', (_, call, ended) => {
  expect(drained([call], DRAINED, ended)?.verdict).toBe('PASS');
});

test('if the machine may have delayed a refusal, nothing is proved', () => {
  const others = [starved('service', 0, 1, 0), starved('service', 2_900, 3_400, 150)];
  expect(drained([[2_900, 500, 503]], DRAINED, { others })).toMatchObject({
    observed: '3 requests: 3 × 201; accepted later, but failed: 1 × 503',
    verdict: 'INCONCLUSIVE',
  });
  const calls: Call[] = [
    [2_900, 500, 503],
    [2_800, 600, 503],
  ];
  expect(drained(calls, DRAINED, { others })?.verdict).toBe('FAIL');
});

test('requests that may not have reached the service do not count', () => {
  expect(judged([...Array<Call>(3).fill([1_700, 500, 201]), [1_950, 60, 0, '1220']])?.verdict).toBe('PASS');
  expect(judged(Array<Call>(3).fill([1_950, 500, 201]))).toMatchObject({
    observed: '0 requests: none',
    verdict: 'INCONCLUSIVE',
  });
});

test('two requests are too few', () => {
  expect(judged(Array<Call>(2).fill([1_700, 500, 201]))?.verdict).toBe('INCONCLUSIVE');
});

test('if the delay itself makes requests fail, nothing is proved', () => {
  const calls = Array<Call>(3).fill([1_700, 350, 504]);
  expect(judged(calls, factsOf(), [1_100, 500, 504])).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['with the same delay, but before SIGTERM: 6 × 504'],
  });
});

test.each<[string, Call]>([
  ['were sent before the delay', [900, 20, 201]],
  ['were sent at the moment of the delay', [1_000, 20, 201]],
  ['ended after SIGTERM', [1_200, 801, 201]],
])('nothing is proved if the only other requests %s', (_, before) => {
  expect(judged(FINISHED, factsOf(), before)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['no request with the same delay ended before SIGTERM'],
  });
});

test('requests that ended at the moment of SIGTERM count as before', () => {
  expect(judged(FINISHED, factsOf(), [1_200, 800, 201])?.verdict).toBe('PASS');
});

test('only the delay in the phase counts, and only the requests under load', () => {
  const before: Call = [100, 50, 201];
  const earlier = { type: 'fault', at: T0 - 500, upstream: 'groq', asked: { kind: 'latency' }, id: 'f0' } as const;
  expect(judged(FINISHED, factsOf(), before, { others: [earlier] })?.verdict).toBe('INCONCLUSIVE');
  expect(judged(FINISHED, factsOf(), before, { delayed: 0 })?.verdict).toBe('PASS');
  expect(judged(FINISHED, factsOf(), before, { delayed: null })?.verdict).toBe('INCONCLUSIVE');
  const others: Ended = { calls: { load: FINISHED, new: [[1_100, 500, 201]] } };
  expect(judged([], factsOf(), before, others)?.verdict).toBe('INCONCLUSIVE');
  const beside: Ended = { calls: { load: [[1_100, 500, 201], ...FINISHED], new: [[1_700, 350, 500]] } };
  expect(judged([], factsOf(), before, beside)).toMatchObject({ observed: '3 requests: 3 × 201', verdict: 'PASS' });
});

test('other phases are not judged', () => {
  expect(
    judged([], factsOf(), [1_100, 500, 201], { phase: { action: 'terminated', signal: 'SIGKILL' } }),
  ).toBeUndefined();
});

test('nothing is judged without the promise, or if the service got no SIGTERM', () => {
  expect(judged([], WITHOUT)).toBeUndefined();
  expect(judged([], factsOf(), [1_100, 500, 201], { signalled: false })?.verdict).toBe('INCONCLUSIVE');
});

test.each<[RegExp, Call, number]>([
  [/^The process does not wait for its requests: it exited 0\.11 s after SIGTERM/, [1_700, 400, 0, '1220'], 2_110],
  [/^The process still answers, but what its requests need is closed/, [1_700, 400, 500], 3_000],
])('names the cause by how requests ended: %s', (cause, call, exit) => {
  const found = judged([call, call, call], factsOf(), undefined, { exit: { at: T0 + exit } });
  expect(found).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(cause) });
});

/** A call may take 10 s, and a few took nearly as long. SIGTERM comes in the middle of these calls. */
const heldLonger = (calls: Call[], given = factsOf(), delays: [number, ...number[]] = [500, 7_500, 7_500]) => {
  const exit = { at: T0 + 10_000 };
  return judged([...FINISHED, ...calls], given, undefined, { delays, exit });
};

test('a call that takes nearly as long as its timeout allows must be in progress at SIGTERM', () => {
  expect(heldLonger([[1_800, 8_000, 201]])?.verdict).toBe('PASS');
  expect(heldLonger([])).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['no call that takes 8.00 s was in progress at SIGTERM'],
  });
  expect(heldLonger([[1_950, 8_000, 201]])?.verdict).toBe('INCONCLUSIVE');
  expect(heldLonger([], factsOf({ inFlight: 'refused-with-503' }))?.verdict).toBe('PASS');
  expect(heldLonger([], factsOf(), [500])?.verdict).toBe('PASS');
});

test.each<[string, Call]>([
  ['cut off', [1_800, 1_200, 0, '1220']],
  ['answered with an error', [1_800, 1_200, 500]],
])('calls that are %s before their timeout allows were given up too early', (_, call) => {
  expect(heldLonger([call, call])).toMatchObject({
    verdict: 'FAIL',
    usually: expect.stringMatching(/^It waits .* but not long enough: it gave up those that were left 1\.00 s after/),
  });
});

test('a call that fails when its timeout is over proves nothing', () => {
  expect(heldLonger([[1_800, 10_000, 504]])).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: expect.arrayContaining(['conversation-end: 504 after 10.00 s, which may be its timeout']),
  });
  expect(heldLonger([[1_800, 10_000, 0, '1220']])?.verdict).toBe('FAIL');
});

test('if such a call is not served before SIGTERM, nothing is proved, unless the timeout may be shorter', () => {
  const tried = (given: Facts) => {
    const before: Call = [1_100, 700, 504];
    const others: Call = [1_100, 500, 201];
    return judged([...FINISHED, before], given, others, { delays: [500, 7_500] });
  };
  expect(tried(factsOf())).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['a call that takes 8.00 s was not served before SIGTERM: calls were delayed by only 500 ms'],
  });
  const { contract, numbers, ...rest } = factsOf();
  expect(tried({ ...rest, contract, numbers: { ...numbers, breakers: {} } })?.verdict).toBe('PASS');
});
