import { expect, test } from 'vitest';
import type { Checker } from '../../../../harness/checkers/lib/checker.ts';
import {
  rateLimitAdmitsExactly,
  rateLimitAdmitsExactlyOnce,
} from '../../../../harness/checkers/rate-limit/rate-limit-admits-exactly.ts';
import { rateLimitIsolated } from '../../../../harness/checkers/rate-limit/rate-limit-isolated.ts';
import { rateLimitRefusesUntilWindowEnds } from '../../../../harness/checkers/rate-limit/rate-limit-refuses-until-window-ends.ts';
import { rateLimitRetryAfter } from '../../../../harness/checkers/rate-limit/rate-limit-retry-after.ts';
import type { Step } from '../../../../harness/contract/tags.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, metric, request, requests, SILENCE, T0 } from '../../../support/history.ts';

/** Allows 20 requests in 2 s. */
const limit = 'conversation-end';
const KNOWN = facts();
const of = (checker: Checker, events: HistoryEvent[], known = KNOWN) =>
  checker.judge(new History(events), known).filter(({ check }) => check.includes(limit));
const verdictsOf = (checker: Checker, events: HistoryEvent[]) => of(checker, events).map(({ verdict }) => verdict);
const sent = (step: string, at: number, ms: number, status: number) => request(at, ms, status, { limit, step });
/** The window lasts from 0 until 2 s to 2.01 s, because the first request took 10 ms. */
const BURST = [
  ...requests(20, 0, 10, 201, { limit, step: 'first window' }),
  ...requests(10, 200, 10, 429, { limit, step: 'first window' }),
];

test("twenty of twenty requests don't prove a limit, but twenty of twenty-one do", () => {
  const twenty = BURST.slice(0, 20);
  expect(verdictsOf(rateLimitAdmitsExactlyOnce, twenty)).toEqual(['INCONCLUSIVE']);
  expect(verdictsOf(rateLimitAdmitsExactlyOnce, BURST.slice(0, 21))).toEqual(['PASS']);
  expect(verdictsOf(rateLimitAdmitsExactlyOnce, [...twenty, sent('first window', 300, 5, 200)])).toEqual(['FAIL']);
});

test('a burst that takes longer than its window proves nothing, and the evidence says what to change', () => {
  const [finding] = of(rateLimitAdmitsExactlyOnce, [...BURST, sent('first window', 2_300, 100, 201)]);
  const advice = "the burst took 2.4 s; if the service can't be faster, use a longer window in the profile";
  expect(finding).toMatchObject({ evidence: [advice], verdict: 'INCONCLUSIVE' });
});

test('one admission too few is a failure only if every request was answered', () => {
  const few = [...BURST.slice(1)];
  expect(verdictsOf(rateLimitAdmitsExactlyOnce, few)).toEqual(['FAIL']);
  const silent = sent('first window', 400, 5, 0);
  expect(verdictsOf(rateLimitAdmitsExactlyOnce, [...few, silent])).toEqual(['FAIL']);
  expect(verdictsOf(rateLimitAdmitsExactlyOnce, [...few, { ...silent, opened: false }])).toEqual(['INCONCLUSIVE']);
});

test('reports both bursts with their results', () => {
  const [first, second] = of(rateLimitAdmitsExactly, BURST);
  expect(first).toMatchObject({
    expected: '20 admitted, the others refused',
    observed: '20 of 30 admitted within 0.30 s',
    evidence: ['20 × 201, 10 × 429'],
  });
  expect(second).toMatchObject({ observed: 'no requests', verdict: 'INCONCLUSIVE' });
});

const over = (at: number, ms: number, status: number) => sent('over', at, ms, status);

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'one just past the part that must be watched', [over(1_701, 5, 429)]],
  ['INCONCLUSIVE', 'the last at the end of that part', [over(1_700, 5, 429)]],
  ['FAIL', 'one admitted just before the window ends', [over(1_990, 9, 201)]],
  ['INCONCLUSIVE', 'one admitted as it ends', [over(1_990, 10, 201)]],
  ['FAIL', 'one without an answer', [over(1_800, 5, 429), over(1_900, 5, 0)]],
  ['FAIL', 'one admitted among others', [over(1_800, 5, 429), over(1_900, 5, 200)]],
])('gives %s for the rest of the window: %s', (verdict, _, events) => {
  expect(verdictsOf(rateLimitRefusesUntilWindowEnds, [...BURST, ...events])).toEqual([verdict]);
});

test('reports how far into the window the last rejection was', () => {
  const [finding] = of(rateLimitRefusesUntilWindowEnds, [...BURST, over(1_000, 5, 429), over(1_800, 5, 429)]);
  expect(finding?.observed).toBe('2 × 429, the last 1.80 s into the window');
  expect(of(rateLimitRefusesUntilWindowEnds, BURST)[0]?.observed).toBe('no request inside the window');
});

/** A Retry-After value in a response at `at` to a request sent at `from`. */
const said = (seconds: number, from: number, at: number) =>
  metric('retry_after_seconds', at, seconds, { limit, step: 'over', sent: String(T0 + from) });

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'one that ends as much too early as clocks may differ', [said(1, 970, 975)]],
  ['FAIL', 'one that ends a moment earlier', [said(1, 970, 974)]],
  ['PASS', 'one that ends as late as may be', [said(2, 1_035, 1_040)]],
  ['FAIL', 'one that ends a moment later', [said(2, 1_036, 1_041)]],
  ['FAIL', 'one wrong among others', [said(1, 1_500, 1_505), said(3, 1_500, 1_505)]],
  ['FAIL', 'a fraction', [said(1.5, 1_000, 1_005)]],
])('gives %s for Retry-After: %s', (verdict, _, events) => {
  expect(verdictsOf(rateLimitRetryAfter, [...BURST, ...events])).toEqual([verdict]);
});

test.each<[string, string, HistoryEvent]>([
  ['PASS', 'one that ends as much too early as clocks may differ', said(1, 970, 975)],
  ['INCONCLUSIVE', 'one that ends earlier by what may be noise', said(1, 920, 925)],
  ['FAIL', 'one that ends a moment earlier than that', said(1, 920, 924)],
  ['INCONCLUSIVE', 'one that ends later by what may be noise', said(2, 1_085, 1_090)],
  ['FAIL', 'one that ends a moment later than that', said(2, 1_086, 1_091)],
])('with 50 ms of noise: %s for Retry-After: %s', (verdict, _, event) => {
  const noisy = { ...KNOWN, noise: { ...SILENCE, timerLateMs: 50 } };
  expect(of(rateLimitRetryAfter, [...BURST, event], noisy)[0]?.verdict).toBe(verdict);
});

test('reports the distinct values in order, and how many are wrong', () => {
  const events = [said(10, 1_500, 1_505), said(2, 100, 105), said(2, 110, 115)];
  expect(of(rateLimitRetryAfter, [...BURST, ...events])[0]?.observed).toBe('2, 10 s; 1 of 3 values wrong');
});

test("Retry-After can't be judged if the window is uncertain", () => {
  const long = sent('first window', 1_990, 50, 429);
  expect(verdictsOf(rateLimitRetryAfter, [...BURST, long, said(9, 100, 105)])).toEqual(['INCONCLUSIVE']);
});

test('Retry-After is not judged if the contract does not promise it', () => {
  const limiter = { ...KNOWN.contract.limiter, retryAfter: false };
  expect(of(rateLimitRetryAfter, BURST, { ...KNOWN, contract: { ...KNOWN.contract, limiter } })).toEqual([]);
});

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'one admitted just before the window ends', [sent('other client', 1_999, 50, 201)]],
  ['INCONCLUSIVE', 'one admitted after it', [sent('other client', 2_000, 5, 201)]],
  ['FAIL', 'one without an answer', [sent('other client', 500, 5, 201), sent('other client', 600, 5, 0)]],
  ['FAIL', 'one refused among others', [sent('other client', 500, 5, 201), sent('other client', 600, 5, 429)]],
])('gives %s for another client: %s', (verdict, _, events) => {
  const found = of(rateLimitIsolated, [...BURST, ...events]).find(({ check }) => check.startsWith('other client'));
  expect(found?.verdict).toBe(verdict);
});

test('names what the key of a counter lacks if only one kind of requests is refused', () => {
  const usually = (step: Step) =>
    of(rateLimitIsolated, [...BURST, sent(step, 500, 5, 429)]).find(({ verdict }) => verdict === 'FAIL')?.usually;
  expect(usually('other client')).toMatch(/^The key of the counter lacks the client/);
  expect(usually('other endpoint')).toMatch(/^The key of the counter lacks the endpoint/);
});

/** The facts if the limit is for all clients together. */
function together() {
  const { [limit]: only, ...others } = KNOWN.numbers.limits;
  const shared = { ...(only as NonNullable<typeof only>), clients: 'together' as const };
  return { ...KNOWN, numbers: { ...KNOWN.numbers, limits: { ...others, [limit]: shared } } };
}

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'one refused', [sent('other client', 500, 5, 429)]],
  ['FAIL', 'one admitted', [sent('other client', 500, 5, 429), sent('other client', 600, 5, 201)]],
  ['INCONCLUSIVE', 'one admitted when the window may have ended', [sent('other client', 1_990, 15, 201)]],
])('a limit for all clients together gives %s for another client: %s', (verdict, _, events) => {
  expect(of(rateLimitIsolated, [...BURST, ...events], together())).toMatchObject([
    { check: `other endpoints unaffected by the limit: ${limit}` },
    {
      check: `other clients share the limit: ${limit}`,
      expected: '429 while the limit of all clients is used up',
      verdict,
    },
  ]);
});

test('an endpoint whose limit all clients have together is no neighbor of others', () => {
  const { [limit]: only } = together().numbers.limits;
  const [name = ''] = Object.keys(KNOWN.numbers.limits).filter((other) => other !== limit);
  const numbers = {
    ...KNOWN.numbers,
    limits: { [limit]: only, [name]: KNOWN.numbers.limits[name] },
  } as typeof KNOWN.numbers;
  const checks = rateLimitIsolated.judge(new History(BURST), { ...KNOWN, numbers }).map(({ check }) => check);
  expect(checks).not.toContain(`other endpoints unaffected by the limit: ${name}`);
});
