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
  ...Array.from({ length: 250 }, (_, n): Sent => ['over', 720 + n * 20]),
  ...Array.from({ length: 22 }, (_, n): Sent => ['second window', 7_800 + Math.floor(n / 8) * 25]),
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
    observed: expect.stringMatching(
      /^\d\d × 200, \d{3} × 429; 0 allowed without a token, 0 refused with a token left; a rate of \+[12]\.\d %, or a rate of −[12]\.\d %, or a size other than 12 would have been noticed$/,
    ),
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

const PER_MS = MAX / WINDOW_MS;

test.each<[RegExp, Limiter]>([
  [/^The bucket has 9 tokens instead of 12/, bucket({ max: MAX - 3 })],
  [/^The bucket has 13 tokens instead of 12/, bucket({ max: MAX + 1 })],
  [
    /^The bucket is refilled too fast: 6\.1\d* per second instead of 6 per second \(\+3 %\)/,
    bucket({ perMs: 1.03 * PER_MS }),
  ],
  [
    /^The bucket is refilled too fast: 6\.[56]\d* per second instead of 6 per second \(\+10 %\)/,
    bucket({ perMs: 1.1 * PER_MS }),
  ],
  [
    /^The bucket is refilled too slowly: 5\.\d+ per second instead of 6 per second \(−3 %\)/,
    bucket({ perMs: 0.97 * PER_MS }),
  ],
  [/each of 2 processes counts in its own memory/, bucket({ max: 2 * MAX, perMs: 2 * PER_MS })],
  [/^The bucket has 13 tokens .* the limit has another value/, bucket({ max: MAX + 1, perMs: (MAX + 1) / WINDOW_MS })],
  [/^No request was refused: the limit is off/, () => true],
])('names the size or the rate that explains the answers: %s', (cause, limiter) => {
  expect(judged(answers(limiter))).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(cause) });
});

test.each([500, 1_000])('a bucket that is refilled every %i ms passes, at the promised rate only', (stepMs) => {
  expect(judged(answers(bucket({ stepMs })))).toMatchObject({
    verdict: 'PASS',
    observed: expect.stringContaining(`refilled every ${(stepMs / 1_000).toFixed(2)} s`),
  });
  expect(judged(answers(bucket({ stepMs, perMs: 1.17 * PER_MS })))?.verdict).toBe('FAIL');
  expect(judged(answers(bucket({ stepMs, perMs: 0.83 * PER_MS })))?.verdict).toBe('FAIL');
});

test('a rate that could have been another one is not judged', () => {
  expect(
    judged(
      answers(
        bucket(),
        SENT.filter(([step, after]) => step !== 'over' || after % 400 === 0),
      ),
    ),
  ).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: [expect.stringMatching(/^too little to judge the rate to within 3\.\d %/)],
  });
});

test('another status of refusals is named, and is not taken for an admission', () => {
  const others = answers(bucket()).map((request) => (request.status === 429 ? { ...request, status: 503 } : request));
  expect(judged(others)).toMatchObject({
    verdict: 'FAIL',
    observed: expect.stringMatching(/^refused with 503 instead of 429; otherwise: .* 0 allowed without a token/),
    usually: expect.stringMatching(/^The limit holds, but it refuses requests with 503 instead of 429/),
  });
});

/** A queue: a request waits until those before it have each waited for a token. */
function queued(): RequestSample[] {
  const openers = [
    request(0, 3, 200, { limit: LIMIT, step: 'first window' }),
    request(2_800, 3, 200, { limit: LIMIT, step: 'other client' }),
  ];
  const burst = (step: string, began: number) =>
    Array.from({ length: 22 }, (_, n) =>
      request(began + Math.max(0, n - 8) * 167, Math.min(n, 8) * 167, 200, { limit: LIMIT, step }),
    );
  return [...openers, ...burst('first window', 600), ...burst('second window', 7_000)];
}

test('a limit that delays requests instead of refusing them fails', () => {
  expect(judged(queued())).toMatchObject({
    verdict: 'FAIL',
    usually: expect.stringMatching(/^The limit delays requests instead of refusing them/),
  });
  // A slow service delays the first requests as well.
  const slow = queued().map((sent, n) => (n < 2 ? { ...sent, ms: 150 } : sent));
  expect(judged(slow)?.verdict).toBe('INCONCLUSIVE');
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
  expect(next(141, 200)).toBe('INCONCLUSIVE');
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
  expect(judged(burst(MAX))?.verdict).toBe('INCONCLUSIVE');
  expect(judged(burst(MAX + 1))?.verdict).toBe('FAIL');
});

test('exactly as many as the bucket holds are not enough, because the rate is not seen', () => {
  expect(judged(USED_UP)?.verdict).toBe('INCONCLUSIVE');
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
    evidence: [expect.stringContaining('too little to judge')],
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
