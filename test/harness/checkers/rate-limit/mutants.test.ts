import { expect, onTestFinished, test, vi } from 'vitest';
import { during, mutantIn } from '../fake-wire.ts';
import { testAnswers, testHeaders, testIdle } from '../mutant-tests.ts';

const LIMITED = {
  headers: {
    RateLimit: 'limit=20, remaining=5, reset=2',
    'RateLimit-Policy': '20;w=2',
    'X-RateLimit-Remaining': '5',
  },
};

testAnswers({
  'one-request-beyond-the-limit': [
    [{ status: 201 }, { status: 429 }, { status: 429 }, { status: 429, client: 'b' }],
    [201, 201, 429, 429],
  ],
  'forged-identity-served': [
    [{ status: 429 }, { status: 429, sent: { 'x-real-ip': '203.0.113.1' } }],
    [429, 200],
  ],
  'one-request-in-progress-too-many': [
    [{ status: 409 }, { status: 409, phase: during({ action: 'at once', endpoint: 'ask' }) }],
    [409, 200],
  ],
  'neighbour-refused': [
    [{ status: 200, client: 'b' }, { status: 429 }, { client: 'b' }, { client: 'a' }],
    [200, 429, 429, 200],
  ],
});

testHeaders([
  ['limit-off-by-1', LIMITED, { ...LIMITED.headers, RateLimit: 'limit=21, remaining=5, reset=2' }],
  [
    'remaining-off-by-1',
    LIMITED,
    { ...LIMITED.headers, RateLimit: 'limit=20, remaining=6, reset=2', 'X-RateLimit-Remaining': '6' },
  ],
  ['reset-off-by-2', LIMITED, { ...LIMITED.headers, RateLimit: 'limit=20, remaining=5, reset=4' }],
]);

testIdle([['reset-off-by-2', { headers: { 'X-RateLimit-Limit': '20', 'X-RateLimit-Remaining': '5' } }]]);

test('a burst that the script repeats gets another request beyond the limit', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { see } = mutantIn('one-request-beyond-the-limit');
  const statuses = [];
  for (const status of [200, 429, 429]) statuses.push((await see({ status })).status);
  // A window lasts a second.
  vi.advanceTimersByTime(1_000);
  for (const status of [200, 429, 429]) statuses.push((await see({ status })).status);
  expect(statuses).toEqual([200, 200, 429, 200, 200, 429]);
});

test('a token bucket lets a few requests through, because it may have a part of a token', async () => {
  const { see } = mutantIn('one-request-beyond-the-limit', { limiter: { window: 'token-bucket' } });
  const statuses = [];
  for (const status of [200, 429, 429, 429, 429]) statuses.push((await see({ status })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 429]);
});

test('the rate-limit headers are wrong only if they are promised, and Retry-After is one of them', async () => {
  const given = { status: 429, headers: { 'X-RateLimit-Limit': '20', 'Retry-After': '1' } };
  const seen = async (name: string, limiter: object) =>
    Object.fromEntries((await mutantIn(name, { limiter }).see(given)).headers);
  const promised = { headers: [], retryAfter: true };
  expect(await seen('limit-off-by-1', promised)).toEqual(given.headers);
  expect(await seen('reset-off-by-2', promised)).toEqual({ ...given.headers, 'Retry-After': '3' });
  expect(await seen('reset-off-by-2', { headers: [], retryAfter: false })).toEqual(given.headers);
});

test('an upstream gets a request for each call that is refused, whatever the script does', async () => {
  const { see, called } = mutantIn('refused-call-reaches-its-upstream');
  for (const endpoint of ['ask', 'store']) expect((await see({ status: 429, endpoint })).status).toBe(429);
  expect(called).toEqual(['llm', 'llm']);
});
