import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { errorClasses } from '../support/error-classes.ts';
import { errorOf } from '../support/error-of.ts';
import { requestsOf } from '../support/requests-of.ts';
import { setUp } from '../support/set-up.ts';
import { useFakes } from '../support/use-fakes.ts';
import { MODEL, openaiOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const openai = openaiOf(fakes, { maxRetries: 0 });
const complete = () => openai.chat.completions.create(QUESTION);

test.each(errorClasses(OpenAI))('%d has its own error class with the body', async (status, errorClass) => {
  await fakes.addFault('openai', { kind: 'status', status, next: 1 });
  const error = await errorOf(complete());
  expect(error).toBeInstanceOf(errorClass);
  expect(error).toMatchObject({ status, requestID: expect.stringMatching(/^req_/), type: expect.any(String) });
  expect(error.message).toContain(error.error.message);
});

test('an unknown model, an invalid request and a revoked key name their cause', async () => {
  await setUp(fakes, 'openai', { revokedKeys: ['sk-old'] });
  const unknown = await errorOf(openai.chat.completions.create({ ...QUESTION, model: 'gpt-99' }));
  expect(unknown).toBeInstanceOf(OpenAI.NotFoundError);
  expect(unknown.code).toBe('model_not_found');
  const invalid = await errorOf(openai.responses.create({ model: MODEL, input: 'x', temperature: 9 }));
  expect(invalid).toBeInstanceOf(OpenAI.BadRequestError);
  expect(invalid.param).toBe('temperature');
  const revoked = await errorOf(openaiOf(fakes, { apiKey: 'sk-old' }).models.list());
  expect(revoked).toBeInstanceOf(OpenAI.AuthenticationError);
  expect(revoked.code).toBe('invalid_api_key');
});

test('an outage is three requests, then the error', async () => {
  await fakes.addFault('openai', { kind: 'status', status: 503 });
  const requests = await requestsOf(fakes, () => openaiOf(fakes).chat.completions.create(QUESTION));
  expect(requests.map(({ status }) => status)).toEqual([503, 503, 503]);
});

test('a used-up quota is a RateLimitError with the time to wait', async () => {
  await setUp(fakes, 'openai', { quotas: { rpm: 1 } });
  await complete();
  const error = await errorOf(complete());
  expect(error).toBeInstanceOf(OpenAI.RateLimitError);
  expect(error.code).toBe('rate_limit_exceeded');
  const seconds = Number(error.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(50);
  expect(Number(error.headers.get('retry-after-ms'))).toBeLessThanOrEqual(seconds * 1000);
});

// Without the headers, the SDK waits 375 to 500 ms. The quota allows one more request every 1.5 s.
test('the SDK waits as long as retry-after-ms says, not as long as Retry-After', async () => {
  await setUp(fakes, 'openai', { quotas: { rpm: 40 } });
  await Promise.all(Array.from({ length: 40 }, complete));
  const requests = await requestsOf(fakes, () => openaiOf(fakes).chat.completions.create(QUESTION));
  expect(requests.map(({ status }) => status)).toEqual([429, 200]);
});

test('a request that never fits is not tried again, as x-should-retry says', async () => {
  await setUp(fakes, 'openai', { quotas: { tpm: 5 } });
  const requests = await requestsOf(fakes, async () => {
    expect(await errorOf(openaiOf(fakes).chat.completions.create(QUESTION))).toBeInstanceOf(OpenAI.RateLimitError);
  });
  expect(requests.map(({ status }) => status)).toEqual([429]);
});

test.each(['reset', 'refuse'])('%s is an APIConnectionError', async (kind) => {
  await fakes.addFault('openai', { kind });
  expect(await errorOf(complete())).toBeInstanceOf(OpenAI.APIConnectionError);
});

test.each(['chat', 'responses'])('an error in a stream of %s raises', async (api) => {
  await fakes.addFault('openai', { kind: 'error-in-stream', afterEvents: 2 });
  const read = async () => {
    const stream: AsyncIterable<unknown> =
      api === 'chat'
        ? await openai.chat.completions.create({ ...QUESTION, stream: true })
        : await openai.responses.create({ model: MODEL, input: 'x', stream: true });
    return Array.fromAsync(stream);
  };
  expect(await errorOf(read())).toBeInstanceOf(OpenAI.APIError);
});

test('a stream of responses that ends without its last event ends cleanly', async () => {
  await fakes.addFault('openai', { kind: 'missing-done' });
  const events = await Array.fromAsync(await openai.responses.create({ model: MODEL, input: 'x', stream: true }));
  expect(events.at(-1)?.type).toBe('response.output_item.done');
});

test('a missing route is a NotFoundError that names the path', async () => {
  const error = await errorOf(openai.batches.list());
  expect(error).toBeInstanceOf(OpenAI.NotFoundError);
  expect(error.message).toContain('Invalid URL (GET /v1/batches)');
});
