import {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { expect, test } from 'vitest';
import { errorOf } from '../support/error-of.ts';
import { requestsOf } from '../support/requests-of.ts';
import { setUp } from '../support/set-up.ts';
import { useFakes } from '../support/use-fakes.ts';
import { anthropicOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const anthropic = anthropicOf(fakes, { maxRetries: 0 });
const send = () => anthropic.messages.create(QUESTION);

test.each([
  [400, BadRequestError, 'invalid_request_error'],
  [401, AuthenticationError, 'authentication_error'],
  [403, PermissionDeniedError, 'permission_error'],
  [404, NotFoundError, 'not_found_error'],
  [413, APIError, 'request_too_large'],
  [429, RateLimitError, 'rate_limit_error'],
  [500, InternalServerError, 'api_error'],
  [504, InternalServerError, 'timeout_error'],
  [529, InternalServerError, 'overloaded_error'],
])('%d has its own error class with the type of the body', async (status, errorClass, type) => {
  await fakes.addFault('anthropic', { kind: 'status', status, next: 1 });
  const error = await errorOf(send());
  expect(error).toBeInstanceOf(errorClass);
  expect(error).toMatchObject({ status, type, requestID: expect.stringMatching(/^req_/) });
  expect(error.error.request_id).toBe(error.requestID);
});

test('an unknown model, an invalid request and a revoked key name their cause', async () => {
  await setUp(fakes, 'anthropic', { revokedKeys: ['sk-old'] });
  const unknown = await errorOf(anthropic.messages.create({ ...QUESTION, model: 'claude-9' }));
  expect(unknown).toBeInstanceOf(NotFoundError);
  expect(unknown.apiMessage).toBe('model: claude-9');
  const invalid = await errorOf(anthropic.messages.create({ ...QUESTION, messages: [] }));
  expect(invalid).toBeInstanceOf(BadRequestError);
  expect(invalid.apiMessage).toMatch(/^messages: /);
  expect(await errorOf(anthropicOf(fakes, { apiKey: 'sk-old' }).messages.create(QUESTION))).toBeInstanceOf(
    AuthenticationError,
  );
});

test('an overloaded API is asked three times, a bad request once', async () => {
  const patient = () => anthropicOf(fakes).messages.create(QUESTION);
  await fakes.addFault('anthropic', { kind: 'status', status: 529 });
  expect((await requestsOf(fakes, patient)).map(({ status }) => status)).toEqual([529, 529, 529]);
  await fakes.heal('anthropic');
  await fakes.addFault('anthropic', { kind: 'status', status: 400 });
  expect((await requestsOf(fakes, patient)).map(({ status }) => status)).toEqual([400]);
});

test('a used-up quota is a RateLimitError with the time to wait', async () => {
  await setUp(fakes, 'anthropic', { quotas: { rpm: 1 } });
  await send();
  const error = await errorOf(send());
  expect(error).toBeInstanceOf(RateLimitError);
  expect(Number(error.headers.get('retry-after'))).toBeGreaterThan(50);
  expect(error.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0');
});

test('the SDK waits as long as the quota requires, then succeeds', async () => {
  // 30 requests at once, and then one every 2 s.
  await setUp(fakes, 'anthropic', { quotas: { rpm: 30 } });
  await Promise.all(Array.from({ length: 30 }, send));
  const requests = await requestsOf(fakes, () => anthropicOf(fakes).messages.create(QUESTION));
  expect(requests.map(({ status }) => status)).toEqual([429, 200]);
});

test.each(['reset', 'refuse'])('%s is an APIConnectionError', async (kind) => {
  await fakes.addFault('anthropic', { kind });
  expect(await errorOf(send())).toBeInstanceOf(APIConnectionError);
});

test('an error in a stream raises with its type', async () => {
  await fakes.addFault('anthropic', { kind: 'error-in-stream', status: 529, afterEvents: 3 });
  const error = await errorOf(
    anthropic.messages.create({ ...QUESTION, stream: true }).then((stream) => Array.fromAsync(stream)),
  );
  expect(error).toBeInstanceOf(APIError);
  expect(error.type).toBe('overloaded_error');
});

test('a stream that ends without message_stop ends cleanly; its helper raises', async () => {
  await fakes.addFault('anthropic', { kind: 'missing-done' });
  const events = await Array.fromAsync(await anthropic.messages.create({ ...QUESTION, stream: true }));
  expect(events.at(-1)?.type).toBe('message_delta');
  await expect(anthropic.messages.stream(QUESTION).finalMessage()).rejects.toThrow(/without producing a Message/);
});

test('a missing route is a NotFoundError', async () => {
  expect(await errorOf(anthropic.messages.batches.list())).toBeInstanceOf(NotFoundError);
});
