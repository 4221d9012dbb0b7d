import { APIError } from 'groq-sdk';
import { expect, test, vi } from 'vitest';
import { requestsOf } from '../support/requests-of.ts';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const groq = groqOf(fakes);

/** Reads a stream until it ends or breaks. */
async function read(): Promise<{ chunks: number; error?: unknown }> {
  let chunks = 0;
  try {
    for await (const _chunk of await groq.chat.completions.create({ ...QUESTION, stream: true })) chunks++;
    return { chunks };
  } catch (error) {
    return { chunks, error };
  }
}

test('a stream that is cut throws after the received events', async () => {
  await fakes.addFault('groq', { kind: 'cut-stream', events: 3, next: 1 });
  const { chunks, error } = await read();
  expect(chunks).toBe(3);
  expect(error).toMatchObject({ name: 'TypeError', message: 'terminated' });
});

test('a stream that is reset throws', async () => {
  await fakes.addFault('groq', { kind: 'reset-in-body', bytes: 500, next: 1 });
  const { error } = await read();
  expect(error).toMatchObject({ message: 'terminated', cause: { code: 'ECONNRESET' } });
});

test('a broken stream is not retried', async () => {
  await fakes.addFault('groq', { kind: 'cut-stream', events: 1, next: 1 });
  expect(await requestsOf(fakes, read)).toMatchObject([{ status: 200, outcome: 'cut' }]);
});

test("an error in a chunk throws the provider's error", async () => {
  await fakes.addFault('groq', { kind: 'error-in-stream', status: 503, afterEvents: 2, next: 1 });
  const { chunks, error } = await read();
  expect(chunks).toBe(2);
  expect(error).toBeInstanceOf(APIError);
  expect(error).toMatchObject({ status: undefined, error: { message: expect.stringMatching(/\w/) } });
});

test('a clean end without [DONE] is not an error', async () => {
  const { chunks } = await read();
  await fakes.reset();
  await fakes.addFault('groq', { kind: 'missing-done', next: 1 });
  expect(await read()).toEqual({ chunks });
});

test.each(['malformed-json', 'partial-json'])('%s in a chunk is a SyntaxError', async (kind) => {
  await fakes.addFault('groq', { kind, next: 1 });
  expect(await read()).toMatchObject({ chunks: 0, error: expect.any(SyntaxError) });
});

test('a stream that stalls after its headers never times out, because the timeout ended with the headers', async () => {
  await fakes.addFault('groq', { kind: 'stall', next: 1 });
  const impatient = groqOf(fakes, { timeout: 300, maxRetries: 0 });
  const stream = await impatient.chat.completions.create({ ...QUESTION, stream: true });
  const finished = vi.fn();
  const reading = Array.fromAsync(stream).then(finished, finished);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(finished).not.toHaveBeenCalled();
  stream.controller.abort();
  await reading;
  expect(finished).toHaveBeenCalledWith([]);
});
