import { APICallError, embedMany, generateText, Output, RetryError, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errorOf } from '../support/error-of.ts';
import { requestsOf } from '../support/requests-of.ts';
import { setUp } from '../support/set-up.ts';
import { useFakes } from '../support/use-fakes.ts';
import { modelsOf, openaiOf } from './models.ts';

const fakes = await useFakes();
const prompt = 'Good morning';
const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: () => 'sunny' });

describe.each(modelsOf(fakes))('$name', ({ upstream, model, named }) => {
  test('generates a text with its usage', async () => {
    const { text, usage, finishReason } = await generateText({ model, prompt });
    expect(text).toMatch(/\w/);
    expect(finishReason).toBe('stop');
    expect(usage.totalTokens).toBe((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0));
  });

  test('streams the same text with the same usage', async () => {
    const plain = await generateText({ model, prompt });
    await fakes.reset();
    const streamed = streamText({ model, prompt });
    expect((await Array.fromAsync(streamed.textStream)).join('')).toBe(plain.text);
    expect(await streamed.usage).toMatchObject({ outputTokens: plain.usage.outputTokens });
  });

  test('calls a required tool, whole and streamed', async () => {
    const options = { model, prompt, tools: { weather }, toolChoice: 'required' as const };
    const { toolCalls } = await generateText(options);
    expect(toolCalls).toMatchObject([{ toolName: 'weather', input: { city: expect.stringMatching(/\w{10}/) } }]);
    await fakes.reset();
    expect(await streamText(options).toolCalls).toMatchObject([{ input: toolCalls[0]?.input }]);
  });

  test('generates an object of a schema', async () => {
    const schema = z.object({ mood: z.enum(['good', 'bad']) });
    const { output } = await generateText({ model, prompt, output: Output.object({ schema }) });
    expect(output).toEqual({ mood: 'good' });
  });

  test.each([
    [401, false],
    [404, false],
    [429, true],
    [500, true],
    [503, true],
  ])('%d is an APICallError with the message of the body', async (status, isRetryable) => {
    await fakes.addFault(upstream, { kind: 'status', status });
    const error = await errorOf(generateText({ model, prompt, maxRetries: 0 }));
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: status, isRetryable, message: error.data.error.message });
  });

  test('an unknown model and a used-up quota name their cause', async () => {
    const unknown = await errorOf(generateText({ model: named('gpt-99'), prompt, maxRetries: 0 }));
    expect(unknown).toMatchObject({ statusCode: 404, message: expect.stringContaining('gpt-99') });
    await setUp(fakes, upstream, { quotas: { rpm: 1 } });
    await generateText({ model, prompt });
    const refused = await errorOf(generateText({ model, prompt, maxRetries: 0 }));
    expect(refused).toMatchObject({ statusCode: 429, message: expect.stringContaining('Rate limit reached') });
    expect(Number(refused.responseHeaders['retry-after'])).toBeGreaterThan(0);
  });

  test('waits as long as Retry-After says', async () => {
    await fakes.addFault(upstream, { kind: 'status', status: 429, retryAfter: { seconds: 1 }, next: 1 });
    const requests = await requestsOf(fakes, () => generateText({ model, prompt }));
    expect(requests.map(({ status }) => status)).toEqual([429, 200]);
    // Without the header, it waits 2 s.
    const ms = (requests[1]?.at ?? 0) - (requests[0]?.at ?? 0);
    expect(ms).toBeGreaterThanOrEqual(999);
    expect(ms).toBeLessThan(1_900);
  });

  test('an outage is a RetryError after the last attempt', async () => {
    await fakes.addFault(upstream, { kind: 'status', status: 503, retryAfter: { seconds: 0 } });
    const requests = await requestsOf(fakes, async () => {
      const error = await errorOf(generateText({ model, prompt, maxRetries: 1 }));
      expect(RetryError.isInstance(error)).toBe(true);
    });
    expect(requests.map(({ status }) => status)).toEqual([503, 503]);
  });

  test('an error in a stream is an error part of the stream', async () => {
    await fakes.addFault(upstream, { kind: 'error-in-stream', afterEvents: 3 });
    const seen: unknown[] = [];
    const { stream } = streamText({ model, prompt, onError: ({ error }) => void seen.push(error) });
    const parts = await Array.fromAsync(stream as AsyncIterable<{ type: string }>);
    expect(parts.map(({ type }) => type)).toContain('error');
    expect(seen).toHaveLength(1);
  });
});

test('embeds texts', async () => {
  const { embeddings, usage } = await embedMany({
    model: openaiOf(fakes).embedding('text-embedding-3-small'),
    values: ['tea', 'milk'],
  });
  expect(embeddings.map(({ length }) => length)).toEqual([1536, 1536]);
  expect(usage.tokens).toBe(2);
});
