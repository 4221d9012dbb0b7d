import { expect, test } from 'vitest';
import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import { rateLimitAdmitsExactly } from '../../../../harness/checkers/rate-limit/rate-limit-admits-exactly.ts';
import { rateLimitIsolated } from '../../../../harness/checkers/rate-limit/rate-limit-isolated.ts';
import { rateLimitHolds } from '../../../../harness/checkers/rate-limit/rate-limit-refuses-until-window-ends.ts';
import { rateLimitRetryAfter } from '../../../../harness/checkers/rate-limit/rate-limit-retry-after.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, metric, request, requests, T0, verdicts } from '../../../support/history.ts';

const limit = 'conversation-end';
const of = (checker: Checker, events: HistoryEvent[]) =>
  Object.entries(verdicts(checker.judge(new History(events), facts())))
    .filter(([check]) => check.includes(limit))
    .map(([, verdict]) => verdict);

/** A burst in a window: the numbers of allowed and rejected requests, each of which takes `ms` milliseconds. */
const burst = (step: string, after: number, admitted: number, refused: number, ms = 10, otherwise = 429) => [
  ...requests(admitted, after, ms, 201, { limit, step }),
  ...requests(refused, after + admitted * ms, ms, otherwise, { limit, step }),
];
const over = (after: number, status: number) => request(after, 5, status, { limit, step: 'over' });
const SECOND = burst('second window', 2_500, 20, 10);

test.each([
  ['exactly N admitted in both windows', ['PASS', 'PASS'], [...burst('first window', 0, 20, 10), ...SECOND]],
  ['one too many', ['FAIL', 'PASS'], [...burst('first window', 0, 21, 9), ...SECOND]],
  ['one too few', ['FAIL', 'PASS'], [...burst('first window', 0, 19, 11), ...SECOND]],
  ['no limit at all', ['FAIL', 'PASS'], [...burst('first window', 0, 30, 0), ...SECOND]],
  [
    'no admission after the window',
    ['PASS', 'FAIL'],
    [...burst('first window', 0, 20, 10), ...burst('second window', 2_500, 0, 30)],
  ],
  [
    'a burst longer than its window',
    ['INCONCLUSIVE', 'INCONCLUSIVE'],
    [...burst('first window', 0, 25, 5, 100), ...SECOND],
  ],
  ['a burst within the limit', ['INCONCLUSIVE', 'PASS'], [...burst('first window', 0, 20, 0), ...SECOND]],
  [
    'a late hit that began the second window',
    ['PASS', 'INCONCLUSIVE'],
    [...burst('first window', 0, 20, 10), over(2_100, 201), ...SECOND],
  ],
  ['unanswered requests', ['FAIL', 'PASS'], [...burst('first window', 0, 15, 15, 10, 0), ...SECOND]],
  ['nothing', ['INCONCLUSIVE', 'INCONCLUSIVE'], []],
])('judges the number of allowed requests (%s): %j', (_, expected, events) => {
  expect(of(rateLimitAdmitsExactly, events)).toEqual(expected);
});

const FIRST = burst('first window', 0, 20, 10);

const LONG = {
  ...facts().numbers,
  limits: { [limit]: { max: 20, windowSeconds: 60, sharedWith: [], clients: 'apart' as const } },
};

test.each([
  ['refused for long enough', 'PASS', [over(400, 429), over(12_100, 429)]],
  ['admitted after a while', 'FAIL', [over(400, 429), over(10_100, 201)]],
  ['refused for a moment', 'INCONCLUSIVE', [over(400, 429), over(11_900, 429)]],
  ['none', 'INCONCLUSIVE', []],
])('a long window is watched for 12 s (%s): %s', (_, verdict, events) => {
  const [finding, ...others] = rateLimitHolds.judge(new History([...FIRST, ...events]), { ...facts(), numbers: LONG });
  expect(finding).toMatchObject({
    check: `keeps refusing while watched: ${limit}`,
    expected: '429 for at least 12 s of the 60 s',
    verdict,
  });
  expect(others).toEqual([]);
});

test('nearly the whole of a short window is watched', () => {
  expect(of(rateLimitHolds, [...FIRST, over(1_710, 429)])).toEqual(['PASS']);
  expect(of(rateLimitHolds, [...FIRST, over(1_690, 429)])).toEqual(['INCONCLUSIVE']);
});

/**
 * A rejection of a request sent `after` milliseconds after T0 and rejected immediately, with this Retry-After in
 * seconds.
 */
const said = (after: number, seconds: number, step = 'over') =>
  metric('retry_after_seconds', after + 5, seconds, { limit, step, sent: String(T0 + after) });

test.each([
  ['true values', 'PASS', [...FIRST, said(300, 2, 'first window'), said(1_600, 1)]],
  ['true values in both windows', 'PASS', [...FIRST, ...SECOND, said(300, 2), said(2_800, 2, 'second window')]],
  ['one too short in the second window', 'FAIL', [...FIRST, ...SECOND, said(300, 2), said(2_800, 1, 'second window')]],
  ['one too short', 'FAIL', [...FIRST, said(300, 1)]],
  ['one too long', 'FAIL', [...FIRST, said(300, 3)]],
  ['a fraction', 'FAIL', [...FIRST, said(300, 1.75)]],
  ['one refusal that says nothing', 'FAIL', [...FIRST, said(300, 2), said(400, -1)]],
  ['one that says nothing, in a window that is not certain', 'FAIL', [said(400, -1)]],
  ['none', 'INCONCLUSIVE', FIRST],
])('judges Retry-After (%s): %s', (_, expected, events) => {
  expect(of(rateLimitRetryAfter, events)).toEqual([expected]);
});

const other = (step: string, after: number, status: number) => request(after, 5, status, { limit, step });

test.each([
  ['both admitted', ['PASS', 'PASS'], [other('other endpoint', 500, 200), other('other client', 500, 201)]],
  ['both refused', ['FAIL', 'FAIL'], [other('other endpoint', 500, 429), other('other client', 500, 429)]],
  [
    'both too late',
    ['INCONCLUSIVE', 'INCONCLUSIVE'],
    [other('other endpoint', 2_500, 200), other('other client', 2_500, 201)],
  ],
  ['nothing', ['INCONCLUSIVE', 'INCONCLUSIVE'], []],
])('judges isolation (%s): %j', (_, expected, events) => {
  expect(of(rateLimitIsolated, [...FIRST, ...events])).toEqual(expected);
});

const CLOCK: Facts['contract']['limiter'] = { window: 'clock', retryAfter: true, headers: [] };
const SLIDING: Facts['contract']['limiter'] = { window: 'sliding', retryAfter: true, headers: [] };

/** Returns a checker's verdicts for a contract with a different window model or different limits. */
const under = (changes: Partial<Facts['contract']>, checker: Checker, events: HistoryEvent[]) => {
  const known = facts();
  const findings = checker.judge(new History(events), { ...known, contract: { ...known.contract, ...changes } });
  return findings.filter(({ check }) => check.includes(limit)).map(({ verdict }) => verdict);
};

test.each([
  ['each burst in a window of its own', ['PASS', 'PASS'], [...burst('first window', 0, 20, 10), ...SECOND]],
  [
    'a burst that straddles two',
    ['INCONCLUSIVE', 'PASS'],
    [...burst('first window', 1_800, 20, 10), ...burst('second window', 4_500, 20, 10)],
  ],
  [
    'a second burst in the window of the first',
    ['PASS', 'INCONCLUSIVE'],
    [...burst('first window', 0, 20, 10), ...burst('second window', 1_000, 20, 10)],
  ],
])('judges windows by the clock (%s): %j', (_, expected, events) => {
  expect(under({ limiter: CLOCK }, rateLimitAdmitsExactly, events)).toEqual(expected);
});

test.each([
  ['the rest of the window by the clock', 'PASS', CLOCK, [...burst('first window', 500, 20, 10), said(900, 2)]],
  ['a whole window', 'FAIL', CLOCK, [...burst('first window', 1_500, 20, 10), said(1_850, 2)]],
  ['until the first admission is over', 'PASS', SLIDING, [...burst('first window', 0, 20, 10), said(1_100, 1)]],
  ['until the last is over', 'PASS', SLIDING, [...burst('first window', 0, 20, 10, 40), said(1_000, 2)]],
  ['longer than that', 'FAIL', SLIDING, [...burst('first window', 0, 20, 10, 40), said(1_900, 2)]],
  [
    'until the first of a slow burst is over',
    'PASS',
    SLIDING,
    [...burst('first window', 0, 20, 10, 60), said(1_790, 1)],
  ],
  ['until its last is over', 'INCONCLUSIVE', SLIDING, [...burst('first window', 0, 20, 10, 60), said(1_790, 2)]],
])('judges Retry-After in those windows (%s): %s', (_, verdict, limiter, events) => {
  expect(under({ limiter }, rateLimitRetryAfter, events)).toEqual([verdict]);
});

test('a sliding window ends when the last allowed request expires', () => {
  const early = [...burst('first window', 0, 20, 10, 40), ...burst('second window', 2_500, 20, 10)];
  expect(under({ limiter: SLIDING }, rateLimitAdmitsExactly, early)).toEqual(['PASS', 'INCONCLUSIVE']);
  const late = [...burst('first window', 0, 20, 10, 40), ...burst('second window', 2_900, 20, 10)];
  expect(under({ limiter: SLIDING }, rateLimitAdmitsExactly, late)).toEqual(['PASS', 'PASS']);
});

const SHARED = (() => {
  const known = facts();
  const { 'conversation-end': own, health } = known.numbers.limits;
  const limits = { health: { ...health, max: 20 }, 'conversation-end': { ...own, sharedWith: ['health'] } };
  return { ...known, numbers: { ...known.numbers, limits } as Facts['numbers'] };
})();

test('a limit that all others share has no other endpoint to judge, but those that must be refused', () => {
  const checks = rateLimitIsolated.judge(new History(FIRST), SHARED).map(({ check }) => check);
  expect(checks).toEqual([
    'limit counts requests of both: health, conversation-end',
    'other clients unaffected by the limit: health',
    'limit counts requests of both: conversation-end, health',
    'other clients unaffected by the limit: conversation-end',
  ]);
  expect(checks.sort()).toEqual(
    rateLimitIsolated
      .cases?.(SHARED)
      ?.map(({ check }) => check)
      .sort(),
  );
});

test.each([
  ['refused', 429, 300, 'PASS'],
  ['served', 200, 300, 'FAIL'],
  ['refused by something else', 503, 300, 'FAIL'],
  ['not answered', 0, 300, 'INCONCLUSIVE'],
  ['answered after the window', 200, 2_100, 'INCONCLUSIVE'],
])('a request that the same limit counts is %s: %s after %s ms gives %s', (_, status, after, verdict) => {
  const sent = request(after, 5, status, { limit, step: 'sharing endpoint', endpoint: 'health' });
  const judged = verdicts(rateLimitIsolated.judge(new History([...FIRST, sent]), SHARED));
  expect(judged[`limit counts requests of both: ${limit}, health`]).toBe(verdict);
});

/** Returns the causes of what failed for the limit. */
const causes = (checker: Checker, events: HistoryEvent[]) =>
  checker
    .judge(new History(events), facts())
    .filter(({ check, verdict }) => check.includes(limit) && verdict === 'FAIL')
    .map(({ usually }) => usually);

/** The next full minute, in milliseconds after T0. */
const MINUTE = Math.ceil(T0 / 60_000) * 60_000 - T0;

const reported = (after: number, seconds: number) =>
  metric('retry_after_seconds', after, seconds, { limit, step: 'over', sent: String(T0 + after) });

test.each<[string, string, HistoryEvent[]]>([
  ['all requests', 'No request was refused', burst('first window', 0, 30, 0)],
  [
    'all requests, as it refuses with 503',
    'it refuses requests with 503 instead',
    burst('first window', 0, 20, 10, 10, 503),
  ],
  [
    'requests that were sent after a refusal',
    'Probably each of 2 processes counts in its own memory',
    [
      ...burst('first window', 0, 20, 1).map((sent, n) => ({ ...sent, opened: n < 8 })),
      ...burst('first window', 300, 12, 0),
    ],
  ],
  [
    'all of them again after a full minute',
    'the key of the counter contains the minute',
    [...burst('first window', MINUTE - 500, 20, 5), ...burst('first window', MINUTE + 100, 20, 5)],
  ],
  ['one too many', 'Parallel requests read the same count', burst('first window', 0, 21, 9)],
  ['one too few', 'The limit is lower than promised', burst('first window', 0, 19, 11)],
  [
    'a part of the next window',
    'Requests of the previous window still count',
    [...FIRST, ...burst('second window', 2_500, 19, 11)],
  ],
  [
    'none of the next window, as refusals did not say',
    'Requests extend the window (if refused ones do, it is a sliding ban), or it is longer than promised',
    [...FIRST, reported(400, 2), reported(1_800, 2), ...burst('second window', 2_500, 0, 30)],
  ],
  [
    'none of the next window, as the first refusal said',
    'The window is longer than promised',
    [...FIRST, reported(600, 3), ...burst('second window', 2_500, 0, 30)],
  ],
])('a limit that admits %s has this cause: %s', (_, cause, events) => {
  expect(causes(rateLimitAdmitsExactly, events)).toEqual([expect.stringContaining(cause)]);
});

test.each([
  [21, 21, 'Each window admits 21 requests instead of 20: the limit has another value'],
  [40, 40, 'Each window admits 40 requests instead of 20: each of 2 processes counts in its own memory'],
  [21, 22, 'Parallel requests read the same count'],
])('limits that admit %i and then %i requests have this cause: %s', (first, second, cause) => {
  const events = [...burst('first window', 0, first, 10), ...burst('second window', 2_500, second, 10)];
  expect(causes(rateLimitAdmitsExactly, events)).toEqual([
    expect.stringContaining(cause),
    expect.stringContaining(cause),
  ]);
});

test.each([
  ['less than a second too early', [reported(400, 1), reported(1_200, 0)], 'The remaining time is rounded down'],
  ['up to two seconds too early', [reported(400, 1), reported(100, 0)], undefined],
  ['too late', [reported(400, 5)], undefined],
  ['at the end of a longer window', [reported(300, 4), reported(1_900, 3)], 'All Retry-After tell the same end,'],
])('a Retry-After that ends %s has its own cause', (_, values, cause) => {
  const [usually] = causes(rateLimitRetryAfter, [...FIRST, ...values]);
  expect(usually?.slice(0, 34)).toBe(cause);
});
