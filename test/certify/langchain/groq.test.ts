import { tool } from '@langchain/core/tools';
import { ChatGroq, type ChatGroqInput } from '@langchain/groq';
import { AuthenticationError, InternalServerError, NotFoundError, RateLimitError } from 'groq-sdk';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { errorOf } from '../support/error-of.ts';
import { requestsOf } from '../support/requests-of.ts';
import { setUp } from '../support/set-up.ts';
import { useFakes } from '../support/use-fakes.ts';

const fakes = await useFakes();
/** The model with its defaults except for the address. */
const modelOf = (options: Partial<ChatGroqInput> = {}): ChatGroq =>
  new ChatGroq({
    apiKey: 'gsk_certify',
    baseUrl: fakes.upstreams.groq ?? '',
    model: 'openai/gpt-oss-20b',
    maxRetries: 0,
    ...options,
  });
const model = modelOf();
const weather = tool(() => 'sunny', { name: 'weather', schema: z.object({ city: z.string() }) });

test('a message has its text and its usage', async () => {
  const message = await model.invoke('Good morning');
  expect(message.content).toMatch(/\w/);
  const { input_tokens, output_tokens, total_tokens } = message.usage_metadata ?? expect.fail('no usage');
  expect(total_tokens).toBe(input_tokens + output_tokens);
});

test('a stream has the same text', async () => {
  const plain = await model.invoke('Good morning');
  await fakes.reset();
  const chunks = await Array.fromAsync(await model.stream('Good morning'));
  expect(chunks.map(({ content }) => content).join('')).toBe(plain.content);
});

test('a required tool is called', async () => {
  const { tool_calls } = await model.bindTools([weather], { tool_choice: 'required' }).invoke('Good morning');
  expect(tool_calls).toMatchObject([{ name: 'weather', args: { city: expect.stringMatching(/\w{10}/) } }]);
});

test('structured output is a value of the schema', async () => {
  const schema = z.object({ mood: z.enum(['good', 'bad']) });
  for (const method of ['functionCalling', 'jsonSchema'] as const) {
    expect(await model.withStructuredOutput(schema, { name: 'mood', method }).invoke('Hi')).toEqual({ mood: 'good' });
  }
});

test.each([
  [401, AuthenticationError],
  [404, NotFoundError],
  [429, RateLimitError],
  [503, InternalServerError],
])('%d is the error class of groq-sdk, after one request', async (status, errorClass) => {
  await fakes.addFault('groq', { kind: 'status', status });
  const requests = await requestsOf(fakes, async () => {
    const error = await errorOf(model.invoke('Hi'));
    expect([error.status, error.constructor.name]).toEqual([status, errorClass.name]);
  });
  expect(requests).toHaveLength(1);
});

test('an unknown model and a used-up quota name their cause', async () => {
  expect(await errorOf(modelOf({ model: 'gpt-99' }).invoke('Hi'))).toMatchObject({
    status: 404,
    message: expect.stringContaining('gpt-99'),
  });
  await setUp(fakes, 'groq', { quotas: { rpm: 1 } });
  await model.invoke('Hi');
  const error = await errorOf(model.invoke('Hi'));
  expect(error).toMatchObject({ status: 429, message: expect.stringContaining('Rate limit reached') });
  expect(Number(error.headers.get('retry-after'))).toBeGreaterThan(0);
});
