import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { rateLimitInACrowd } from '../../../../harness/checkers/rate-limit/rate-limit-in-a-crowd.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, metric, request, T0 } from '../../../support/history.ts';
import { bucket, factsWith, type Limiter, MAX, slidingLog, WINDOW_MS } from './limiters.ts';

const LIMIT = 'unknown';
/** The start of a window by the clock, in milliseconds after T0. */
const FROM = Math.ceil(T0 / WINDOW_MS) * WINDOW_MS - T0;

/** A window that begins with the first request, or by the clock. It is forgotten at some time. */
function fixedWindow({ isByClock = false, forgotten = Number.POSITIVE_INFINITY } = {}): Limiter {
  let [began, used, isForgotten] = [Number.NEGATIVE_INFINITY, 0, false];
  return (after) => {
    const isNow = after >= forgotten && !isForgotten;
    isForgotten ||= isNow;
    if (isNow || after >= began + WINDOW_MS) {
      [began, used] = [isByClock ? Math.floor(after / WINDOW_MS) * WINDOW_MS : after, 0];
    }
    used += 1;
    return used <= MAX;
  };
}

interface Seen {
  window?: Facts['contract']['limiter']['window'];
  others?: number;
  inOneWindow?: number;
  /** How long the client sends requests, and how often, in milliseconds. The crowd takes 4.5 s. */
  until?: number;
  every?: number;
  max?: number;
  windowMs?: number;
  status?: number;
}

function judged(
  limiter: Limiter,
  {
    window = 'first-request',
    others = 1_100,
    inOneWindow = others,
    until = 4_600,
    every = 20,
    max = MAX,
    windowMs = WINDOW_MS,
    status = 200,
  }: Seen = {},
) {
  const planned = { action: 'crowd of clients', endpoint: LIMIT } as const;
  const given = factsWith(window);
  const limits = { [LIMIT]: { max, windowSeconds: windowMs / 1_000, sharedWith: [], clients: 'apart' as const } };
  const endpoints = { ...given.contract.endpoints, [LIMIT]: { ...given.contract.endpoints[LIMIT], served: [200] } };
  const facts = {
    ...given,
    contract: { ...given.contract, endpoints },
    numbers: { ...given.numbers, limits },
    proof: { ...given.proof, plan: [planned] },
  } as unknown as Facts;
  const tags = { limit: LIMIT, step: 'in the crowd', phase: '1' };
  const requests = Array.from({ length: Math.ceil(until / every) }, (_, index) =>
    request(FROM + index * every, 5, limiter(index * every + 2) ? status : 429, tags),
  );
  const reported = metric('others_served', FROM + 4_500, others, { limit: LIMIT, phase: '1' });
  const together = metric('others_served_in_one_window', FROM + 4_500, inOneWindow, { limit: LIMIT, phase: '1' });
  const [found] = rateLimitInACrowd.judge(
    new History([begun(1, planned, FROM - 10, 0), ...requests, reported, together]),
    facts,
  );
  return found;
}

const BUCKET = { max: MAX, perMs: MAX / WINDOW_MS };

/** A limiter that starts over when counters are dropped. */
function forgetting(create: () => Limiter, forgotten: number): Limiter {
  const [before, after] = [create(), create()];
  return (time) => (time < forgotten ? before(time) : after(time));
}

test.each<[string, Limiter, Seen]>([
  ['windows begin with the first request', fixedWindow(), {}],
  ['windows follow the clock', fixedWindow({ isByClock: true }), { window: 'clock' }],
  ['the window slides', slidingLog(), { window: 'sliding' }],
  ['it is a bucket of tokens', bucket(BUCKET), { window: 'token-bucket' }],
])('a limit that stays used up passes, if %s', (_, limiter, seen) => {
  expect(judged(limiter, seen)).toMatchObject({
    check: 'stays used up while many other clients come: unknown',
    observed: expect.stringMatching(/^\d+ × 200, \d+ × 429; 1100 other clients served meanwhile, 1100 in one window$/),
    verdict: 'PASS',
  });
});

test.each<[string, (forgotten: number) => Limiter, Seen]>([
  ['windows begin with the first request', (forgotten) => fixedWindow({ forgotten }), {}],
  ['windows follow the clock', (forgotten) => fixedWindow({ forgotten, isByClock: true }), { window: 'clock' }],
  ['the window slides', (forgotten) => forgetting(slidingLog, forgotten), { window: 'sliding' }],
  ['it is a bucket of tokens', (forgotten) => forgetting(() => bucket(BUCKET), forgotten), { window: 'token-bucket' }],
])('a counter that is dropped at any time fails, if %s', (_, limiter, seen) => {
  for (const forgotten of [500, 1_000, 1_500, 2_500, 3_000, 3_700]) {
    expect(judged(limiter(forgotten), seen)?.verdict, String(forgotten)).toBe('FAIL');
  }
});

test.each<[string, Seen]>([
  ['too few other clients were served', { others: 1_000 }],
  ['too few of them came in one window', { inOneWindow: 1_000 }],
  ['it was not watched to the end', { until: 4_000 }],
  ['the limit was hardly used up', { every: 120 }],
])('is inconclusive if %s', (_, seen) => {
  expect(judged(fixedWindow(), seen)?.verdict).toBe('INCONCLUSIVE');
});

test('a limit that is never used up is inconclusive, and no crowd comes', () => {
  expect(judged(() => true, { max: 1_000, others: 0 })).toMatchObject({
    evidence: ['the limit was not used up, so no crowd came'],
    verdict: 'INCONCLUSIVE',
  });
});

test('a limit that takes most of the requests to be used up passes, because the crowd comes later', () => {
  let used = 0;
  const large: Limiter = () => {
    used += 1;
    return used <= 120;
  };
  expect(judged(large, { max: 120, windowMs: 60_000 })).toMatchObject({
    observed: expect.stringContaining('120 × 200, 110 × 429'),
    verdict: 'PASS',
  });
});

test('requests that fail for another reason are not served', () => {
  expect(judged(fixedWindow({ forgotten: 1_000 }), { status: 503 })?.verdict).toBe('PASS');
});
