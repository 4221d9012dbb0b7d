import { expect, test } from 'vitest';
import { requestsOf } from '../support/requests-of.ts';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const groq = groqOf(fakes);
const streamed = { ...QUESTION, stream: true } as const;

test('a stream has the role, the text of the plain completion, and finally the usage', async () => {
  const plain = await groq.chat.completions.create(QUESTION);
  await fakes.reset();
  const chunks = await Array.fromAsync(await groq.chat.completions.create(streamed));
  expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant', content: '' });
  const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
  expect(text).toBe(plain.choices[0]?.message.content);
  expect(chunks.at(-1)).toMatchObject({
    choices: [{ finish_reason: 'stop' }],
    x_groq: { id: expect.stringMatching(/^req_/), usage: { completion_tokens: plain.usage?.completion_tokens } },
  });
});

test('all chunks of a stream belong to one completion', async () => {
  const chunks = await Array.fromAsync(await groq.chat.completions.create(streamed));
  expect(chunks.length).toBeGreaterThan(3);
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  for (const chunk of chunks) expect(chunk).toMatchObject({ object: 'chat.completion.chunk', model: QUESTION.model });
});

test('include_usage adds a chunk without choices', async () => {
  const request = { ...streamed, stream_options: { include_usage: true } };
  const chunks = await Array.fromAsync(await groq.chat.completions.create(request));
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
});

test('a stream consists of server-sent events up to [DONE]', async () => {
  const response = await groq.chat.completions.create(streamed).asResponse();
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const text = await response.text();
  expect(text).toMatch(/^data: \{/);
  expect(text.endsWith('\n\ndata: [DONE]\n\n')).toBe(true);
});

test('two readers can read a stream', async () => {
  const [left, right] = (await groq.chat.completions.create(streamed)).tee();
  expect(await Array.fromAsync(left)).toEqual(await Array.fromAsync(right));
});

test('a stream is the same however its bytes are split', async () => {
  const textOf = async () => {
    const chunks = await Array.fromAsync(await groq.chat.completions.create(streamed));
    return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
  };
  const whole = await textOf();
  await fakes.reset();
  await fakes.addFault('groq', { kind: 'split-chunks', next: 1 });
  expect(await textOf()).toBe(whole);
});

test('a reader that disconnects during a stream is recorded', async () => {
  await fakes.addFault('groq', { kind: 'stall', bytes: 400, next: 1 });
  const requests = await requestsOf(fakes, async () => {
    for await (const _chunk of await groq.chat.completions.create(streamed)) break;
  });
  expect(requests).toMatchObject([{ status: 200, outcome: 'client-gone' }]);
});
