import { expect, test } from 'vitest';
import { rateLimitBucket } from '../../../../harness/checkers/rate-limit/rate-limit-bucket.ts';
import { rateLimitRetryAfter } from '../../../../harness/checkers/rate-limit/rate-limit-retry-after.ts';
import type { RequestSample } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { metric, request, T0 } from '../../../support/history.ts';
import {
  answersOf,
  bucket,
  factsWith,
  LIMIT,
  type Limiter,
  MAX,
  type Sent,
  slidingLog,
  WINDOW_MS,
} from './limiters.ts';

/** A window that begins with the first request. */
function fixedWindow(): Limiter {
  let [began, used] = [Number.NEGATIVE_INFINITY, 0];
  return (after) => {
    if (after >= began + WINDOW_MS) [began, used] = [after, 0];
    used += 1;
    return used <= MAX;
  };
}

/** When the script sends requests: one, a burst, regular ones, and a burst in the next window. */
const SENT: Sent[] = [
  ['first window', 0],
  ...Array.from({ length: 21 }, (_, n): Sent => ['first window', 600 + Math.floor(n / 8) * 25]),
  ...Array.from({ length: 15 }, (_, n): Sent => ['over', 720 + n * 80]),
  ...Array.from({ length: 22 }, (_, n): Sent => ['second window', 4_000 + Math.floor(n / 8) * 25]),
];

const answers = (limiter: Limiter, sent: readonly Sent[] = SENT) => answersOf(limiter, sent);

const judged = (requests: readonly RequestSample[]) =>
  rateLimitBucket
    .judge(new History([...requests]), factsWith('token-bucket'))
    .find(({ check }) => check.endsWith(`: ${LIMIT}`));

test('a bucket that is refilled evenly passes', () => {
  expect(judged(answers(bucket()))).toMatchObject({
    check: 'allows as many as there are tokens: activities-suggest',
    requests: ['first window', 'over', 'second window'].map((step) => ({ limit: LIMIT, step })),
    expected: '12 at once, and one more every 0.167 s',
    observed: expect.stringMatching(/^\d\d × 200, \d\d × 429; 0 allowed without a token, 0 refused with a token left$/),
    verdict: 'PASS',
  });
});

/** A bucket that also gives tokens to refused requests, or that is refilled with whole tokens only, whenever asked. */
function wrongBucket(wrong: 'refused take tokens' | 'fractions lost'): Limiter {
  let [tokens, at] = [MAX, 0];
  return (after) => {
    const refill = ((after - at) / WINDOW_MS) * MAX;
    tokens = Math.min(MAX, tokens + (wrong === 'fractions lost' ? Math.floor(refill) : refill));
    at = after;
    const isAllowed = tokens >= 1;
    if (isAllowed || wrong === 'refused take tokens') tokens -= 1;
    return isAllowed;
  };
}

test.each<[RegExp, Limiter]>([
  [/^Refused requests take tokens, too/, wrongBucket('refused take tokens')],
  [/^Each request loses the part of a token/, wrongBucket('fractions lost')],
  [/The limit counts in windows/, fixedWindow()],
])('names the way to count that explains the answers: %s', (cause, limiter) => {
  expect(judged(answers(limiter))).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(cause) });
});

test('names no way to count for a bucket of another size', () => {
  expect(judged(answers(bucket({ max: MAX - 3 })))).not.toHaveProperty('usually');
});

test.each<[string, Limiter]>([
  ['has one token too many', bucket({ max: MAX + 1 })],
  ['has one token too few', bucket({ max: MAX - 1 })],
  ['is refilled twice as fast', bucket({ perMs: (2 * MAX) / WINDOW_MS })],
  ['is refilled half as fast', bucket({ perMs: MAX / WINDOW_MS / 2 })],
  ['saves tokens without a limit', bucket({ cap: 1_000 })],
  ['is refilled once a window', bucket({ stepMs: WINDOW_MS })],
])('a bucket that %s fails', (_, limiter) => {
  expect(judged(answers(limiter))?.verdict).toBe('FAIL');
});

test.each<[string, Limiter]>([
  ['fixed window', fixedWindow()],
  ['sliding window', slidingLog()],
  ['limiter that allows everything', () => true],
  ['limiter that refuses everything', () => false],
])('a %s fails', (_, limiter) => {
  expect(judged(answers(limiter))?.verdict).toBe('FAIL');
});

test('wrong answers are shown with their times', () => {
  expect(judged(answers(bucket({ max: MAX - 1 })))?.evidence?.[0]).toMatch(/^429, 0\.6\d s after the first$/);
});

/** Requests that take a millisecond, and their answers. */
const exactly = (...sent: [step: string, after: number, n: number, status: number][]): RequestSample[] =>
  sent.flatMap(([step, after, n, status]) =>
    Array.from({ length: n }, () => request(after, 1, status, { limit: LIMIT, step })),
  );
/** The bucket is used up at once, and refuses a request. */
const USED_UP = exactly(['first window', 0, MAX, 200], ['first window', 1, 1, 429]);

test('the times of a service and of its client may differ by 25 ms', () => {
  const next = (after: number, status: number) => judged([...USED_UP, ...exactly(['over', after, 1, status])])?.verdict;
  // A token comes back after 166.7 ms.
  expect(next(141, 200)).toBe('PASS');
  expect(next(140, 200)).toBe('FAIL');
  expect(next(192, 429)).toBe('INCONCLUSIVE');
  expect(next(193, 429)).toBe('FAIL');
});

test('up to five wrong answers are shown, in their order', () => {
  const refused = exactly(['over', 1_000, 4, 429]);
  const allowed = exactly(['second window', 4_000, MAX, 200], ['second window', 4_010, 2, 200]);
  expect(judged([...USED_UP, ...refused, ...allowed])?.evidence).toEqual([
    ...Array(4).fill('429, 1.00 s after the first'),
    '200, 4.01 s after the first',
  ]);
});

test('one too many fails although all are in progress at the same time', () => {
  const burst = (n: number) => exactly(['first window', 0, n, 200], ['first window', 1, 1, 429]);
  expect(judged(burst(MAX))?.verdict).toBe('PASS');
  expect(judged(burst(MAX + 1))?.verdict).toBe('FAIL');
});

test('exactly as many as the bucket holds are enough, if there were no later requests', () => {
  expect(judged(USED_UP)?.verdict).toBe('PASS');
  expect(
    judged(exactly(['first window', 0, 1, 0], ['first window', 0, MAX - 1, 200], ['first window', 1, 1, 429])),
  ).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['too little to judge: 0 later requests allowed'],
  });
});

test.each<[string, RequestSample[]]>([
  ['no requests', []],
  ['no refusal', answers(bucket()).slice(0, 12)],
  [
    'no later request that was allowed',
    answers(
      bucket(),
      SENT.filter(([step, after]) => step === 'first window' || after === 720),
    ),
  ],
])('too little to judge: %s', (_, requests) => {
  expect(judged(requests)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['too little to judge: 0 later requests allowed'],
  });
});

/** Judges the Retry-After of a refusal after this many milliseconds, when the bucket has been empty for 5 ms. */
function judgedRetryAfter(seconds: number, { max = MAX, windowMs = 24_000 } = {}) {
  const given = factsWith('token-bucket');
  const limits = { [LIMIT]: { max, windowSeconds: windowMs / 1_000, sharedWith: [], clients: 'apart' as const } };
  const taken = Array.from({ length: max }, () => request(0, 5, 200, { limit: LIMIT, step: 'first window' }));
  const said = metric('retry_after_seconds', 12, seconds, { limit: LIMIT, step: 'over', sent: String(T0 + 10) });
  const history = new History([...taken, request(10, 2, 429, { limit: LIMIT, step: 'over' }), said]);
  const limiter = { ...given.contract.limiter, window: 'token-bucket' as const, retryAfter: true };
  return rateLimitRetryAfter.judge(history, {
    ...given,
    contract: { ...given.contract, limiter },
    numbers: { ...given.numbers, limits },
  })[0];
}

test('Retry-After says when there is a token, rounded up', () => {
  // A token every 2 s, of which at least 1.99 s are left.
  expect(judgedRetryAfter(2)).toMatchObject({
    expected: 'the time until there is a token, in whole seconds',
    verdict: 'PASS',
  });
  expect(judgedRetryAfter(1)?.verdict).toBe('FAIL');
  expect(judgedRetryAfter(4)?.verdict).toBe('FAIL');
  expect(judgedRetryAfter(24)?.verdict).toBe('FAIL');
  // A token every 0.167 s: a second is right, and 0 is not.
  expect(judgedRetryAfter(1, { windowMs: WINDOW_MS })?.verdict).toBe('PASS');
  expect(judgedRetryAfter(0, { windowMs: WINDOW_MS })?.verdict).toBe('FAIL');
  expect(judgedRetryAfter(-1)?.verdict).toBe('FAIL');
});
