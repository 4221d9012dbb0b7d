import type { RequestHandler } from 'express';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { ServiceError } from '../../../service/base/errors.ts';
import { parseLimitString } from '../../../service/config/limit-string.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { createRateLimiter } from '../../../service/protections/rate-limit.ts';
import { rateLimits, refusal, startApp } from '../support/test-app.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Calls a limiter directly on behalf of a client at `ip`. */
async function ask(limiter: RequestHandler, ip = '192.0.2.1'): Promise<'admitted' | ServiceError> {
  return new Promise((resolve, reject) => {
    const response = { headersSent: false, setHeader() {} };
    const next = (error?: unknown) => {
      if (error instanceof ServiceError) resolve(error);
      else if (error) reject(error);
      else resolve('admitted');
    };
    limiter({ socket: { remoteAddress: ip }, headers: {} } as never, response as never, next);
  });
}

async function askTimes(limiter: RequestHandler, times: number, ip?: string) {
  const outcomes = await Promise.all(Array.from({ length: times }, () => ask(limiter, ip)));
  const admitted = outcomes.filter((outcome) => outcome === 'admitted').length;
  return { admitted, refused: outcomes.filter((outcome) => outcome instanceof ServiceError) };
}

function limiter(text: string) {
  vi.useFakeTimers({ now: 0 });
  return createRateLimiter({ limits: parseLimitString(text), clock: systemClock });
}

test.each([1, 2, 100])('allows exactly %i of 150 simultaneous requests', async (amount) => {
  const { admitted, refused } = await askTimes(limiter(`${amount}/minute`), 150);
  expect(admitted).toBe(amount);
  expect(refused).toHaveLength(150 - amount);
});

test('returns the seconds until the window of the client ends', async () => {
  const perMinute = limiter('1/minute');
  await ask(perMinute);
  await vi.advanceTimersByTimeAsync(30_001);
  expect(await ask(perMinute)).toMatchObject({ code: 'rate_limited', status: 429, retryAfterSeconds: 30 });
});

test('allows requests of the client again after exactly the announced number of seconds', async () => {
  const perMinute = limiter('1/minute');
  await ask(perMinute);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(await ask(perMinute)).toMatchObject({ retryAfterSeconds: 1 });
  await vi.advanceTimersByTimeAsync(1);
  expect(await ask(perMinute)).toBe('admitted');
});

test("rejected requests don't extend the window", async () => {
  const perMinute = limiter('1/minute');
  await askTimes(perMinute, 50);
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await askTimes(perMinute, 50)).admitted).toBe(1);
});

test('applies every limit in the string', async () => {
  const both = limiter('2/second;3/minute');
  expect((await askTimes(both, 5)).admitted).toBe(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect((await askTimes(both, 5)).admitted).toBe(0);
});

test('returns the longest wait of the exhausted limits', async () => {
  const both = limiter('1/10 seconds;2/minute');
  await ask(both);
  expect(await ask(both)).toMatchObject({ retryAfterSeconds: 60 });
});

test('a monthly limit still applies a second before its end', async () => {
  const perMonth = limiter('1/month');
  await ask(perMonth);
  await vi.advanceTimersByTimeAsync(30 * 86_400_000 - 1000);
  expect(await ask(perMonth)).toMatchObject({ retryAfterSeconds: 1 });
});

test("exhausting the limit of one endpoint doesn't affect the others", async () => {
  const limiters = createLimiters(rateLimits('1/minute'), systemClock);
  await using app = await startApp({ limiters });
  for (const path of ['/health', '/metrics', '/v1/conversations/c-1', '/nowhere']) {
    expect((await app.get(path)).status, path).not.toBe(429);
    expect((await app.get(path)).status, path).toBe(429);
  }
});

test('unknown paths share one counter', async () => {
  await using app = await startApp({ limiters: createLimiters(rateLimits('1/minute'), systemClock) });
  expect(await refusal(await app.get('/one'))).toMatchObject({ status: 404, code: 'not_found' });
  expect(await refusal(await app.post('/two', {}))).toMatchObject({ status: 429, code: 'rate_limited' });
  expect(await refusal(await app.get('/v1/conversations/%ff'))).toMatchObject({ status: 429 });
});

test('counts requests with an invalid body', async () => {
  await using app = await startApp({ limiters: createLimiters(rateLimits('2/minute'), systemClock) });
  expect(await refusal(await app.post('/v1/conversations/end', '{'))).toMatchObject({ code: 'invalid_request' });
  expect(await refusal(await app.post('/v1/conversations/end', {}))).toMatchObject({ code: 'invalid_request' });
  expect(await refusal(await app.post('/v1/conversations/end', {}))).toMatchObject({ code: 'rate_limited' });
});

test('limits nothing if disabled', async () => {
  const limiters = createLimiters({ ...rateLimits('1/minute'), enabled: false }, systemClock);
  await using app = await startApp({ limiters });
  await app.get('/health');
  expect((await app.get('/health')).status).toBe(200);
});
