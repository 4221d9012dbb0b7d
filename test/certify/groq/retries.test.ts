import { InternalServerError, RateLimitError } from 'groq-sdk';
import { expect, test } from 'vitest';
import { errorOf } from '../support/error-of.ts';
import { requestsOf } from '../support/requests-of.ts';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const groq = groqOf(fakes);
const complete = () => groq.chat.completions.create(QUESTION);

/** Returns the time between a call's two requests, in milliseconds. */
async function waited(): Promise<number> {
  const requests = await requestsOf(fakes, complete);
  expect(requests.map(({ status }) => status)).toEqual([429, 200]);
  return (requests[1]?.at ?? 0) - (requests[0]?.at ?? 0);
}

test('one 503 is retried once', async () => {
  await fakes.addFault('groq', { kind: 'status', status: 503, next: 1 });
  const requests = await requestsOf(fakes, complete);
  expect(requests.map(({ status }) => status)).toEqual([503, 200]);
});

test('during an outage, the SDK sends three requests and then throws the error', async () => {
  await fakes.addFault('groq', { kind: 'status', status: 503 });
  const requests = await requestsOf(fakes, async () => {
    expect(await errorOf(complete())).toBeInstanceOf(InternalServerError);
  });
  expect(requests.map(({ status }) => status)).toEqual([503, 503, 503]);
});

test.each([408, 409, 429, 500, 502])('%d is retried once', async (status) => {
  await fakes.addFault('groq', { kind: 'status', status, next: 1 });
  expect(await requestsOf(fakes, complete)).toHaveLength(2);
});

test.each([400, 401, 403, 404, 413, 422, 424, 498, 499])('%d is not retried', async (status) => {
  await fakes.addFault('groq', { kind: 'status', status });
  expect(await requestsOf(fakes, complete)).toMatchObject([{ status }]);
});

test('a connection reset is retried once', async () => {
  await fakes.addFault('groq', { kind: 'reset', next: 1 });
  expect(await requestsOf(fakes, complete)).toMatchObject([{ outcome: 'reset' }, { status: 200 }]);
});

// Without the header, the SDK waits 375 to 500 ms. Any other wait shows that it respected the header.
test('Retry-After in seconds is obeyed', async () => {
  await fakes.addFault('groq', { kind: 'status', status: 429, retryAfter: { seconds: 1 }, next: 1 });
  const ms = await waited();
  expect(ms).toBeGreaterThanOrEqual(999);
  expect(ms).toBeLessThan(2_000);
});

test('Retry-After as a date is obeyed', async () => {
  // A date is in whole seconds, so two seconds ahead means one to two seconds.
  await fakes.addFault('groq', { kind: 'status', status: 429, retryAfter: { dateInSeconds: 2 }, next: 1 });
  const ms = await waited();
  expect(ms).toBeGreaterThan(900);
  expect(ms).toBeLessThan(2_500);
});

test('Retry-After in the past causes an immediate retry', async () => {
  await fakes.addFault('groq', { kind: 'status', status: 429, retryAfter: { dateInSeconds: -60 }, next: 1 });
  expect(await waited()).toBeLessThan(300);
});

test('a huge Retry-After makes the SDK wait, because there is no cap', async () => {
  await fakes.addFault('groq', { kind: 'status', status: 429, retryAfter: { seconds: 3_600 }, next: 1 });
  const call = complete().then(() => 'answered');
  const pause = new Promise((resolve) => setTimeout(resolve, 1_500, 'waits'));
  expect(await Promise.race([call, pause])).toBe('waits');
  call.catch(() => undefined);
});

test('a rate limit error has its Retry-After', async () => {
  await fakes.addFault('groq', { kind: 'status', status: 429, retryAfter: { seconds: 7 }, next: 1 });
  const error = await errorOf(groqOf(fakes, { maxRetries: 0 }).chat.completions.create(QUESTION));
  expect(error).toBeInstanceOf(RateLimitError);
  expect(error.headers.get('retry-after')).toBe('7');
});
