import Groq from 'groq-sdk';
import { expect, test } from 'vitest';
import { errorClasses } from '../support/error-classes.ts';
import { errorOf } from '../support/error-of.ts';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const groq = groqOf(fakes, { maxRetries: 0 });

test.each([
  ...errorClasses(Groq),
  [413, Groq.APIError],
  [424, Groq.APIError],
  [498, Groq.APIError],
  [499, Groq.APIError],
  [502, Groq.InternalServerError],
])('%d has its own error class with the body', async (status, errorClass) => {
  await fakes.addFault('groq', { kind: 'status', status, next: 1 });
  const error = await errorOf(groq.chat.completions.create(QUESTION));
  expect(error.constructor).toBe(errorClass);
  expect(error.status).toBe(status);
  const { message } = error.error.error;
  expect(message).toMatch(/\w/);
  expect(error.message).toContain(message);
  expect(error.headers.get('content-type')).toContain('application/json');
});

test('an invalid request is a BadRequestError that names the field', async () => {
  const error = await errorOf(groq.chat.completions.create({ ...QUESTION, temperature: 9 }));
  expect(error).toBeInstanceOf(Groq.BadRequestError);
  expect(error.error.error).toMatchObject({ type: 'invalid_request_error', message: expect.stringContaining('temp') });
});

test('an unknown model is a NotFoundError', async () => {
  const error = await errorOf(groq.chat.completions.create({ ...QUESTION, model: 'gpt-9' }));
  expect(error).toBeInstanceOf(Groq.NotFoundError);
  expect(error.error.error).toMatchObject({ code: 'model_not_found', message: expect.stringContaining('`gpt-9`') });
});

test('a request without a key is an AuthenticationError', async () => {
  const error = await errorOf(groq.chat.completions.create(QUESTION, { headers: { authorization: null } }));
  expect(error).toBeInstanceOf(Groq.AuthenticationError);
  expect(error.error.error).toMatchObject({ code: 'invalid_api_key' });
});

test('a rejected stream throws the same error, before the first chunk', async () => {
  await fakes.addFault('groq', { kind: 'status', status: 429, next: 1 });
  await expect(groq.chat.completions.create({ ...QUESTION, stream: true })).rejects.toThrow(Groq.RateLimitError);
});

test("a proxy's HTML page is an InternalServerError with the page in its message", async () => {
  await fakes.addFault('groq', { kind: 'html-page', status: 502, next: 1 });
  const error = await errorOf(groq.chat.completions.create(QUESTION));
  expect(error).toBeInstanceOf(Groq.InternalServerError);
  expect(error.message).toContain('<html>');
  expect(error.error).toBeUndefined();
});

test('an error in the body of a 200 looks like a completion without choices', async () => {
  await fakes.addFault('groq', { kind: 'error-in-body', next: 1 });
  const completion = await groq.chat.completions.create(QUESTION);
  expect(completion.choices).toBeUndefined();
  expect(completion).toHaveProperty('error.message');
});

test.each(['malformed-json', 'partial-json'])('%s is a SyntaxError', async (kind) => {
  await fakes.addFault('groq', { kind, next: 1 });
  await expect(groq.chat.completions.create(QUESTION)).rejects.toThrow(SyntaxError);
});

test('a missing route is a NotFoundError that names the path', async () => {
  const error = await errorOf(groq.batches.list());
  expect(error).toBeInstanceOf(Groq.NotFoundError);
  expect(error.error.error).toMatchObject({ code: 'unknown_url', message: expect.stringContaining('/batches') });
});
