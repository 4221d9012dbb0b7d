import { expect, test } from 'vitest';
import { startFakeLab } from '../fake-lab.ts';
import { complete, groqAtRest, HELLO, MODEL, stream } from './ask-groq.ts';

test('streams the role, every token, the finish reason with the usage, and [DONE]', async () => {
  const { groq } = groqAtRest();
  const { headers, chunks, last, rest } = await stream(groq);
  expect(headers.get('content-type')).toBe('text/event-stream');
  expect([last, rest]).toEqual(['[DONE]', '']);

  const id = headers.get('x-request-id');
  const common = {
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: MODEL,
    system_fingerprint: 'fp_proofload',
  };
  const choice = { index: 0, logprobs: null, finish_reason: null };
  expect(chunks[0]).toEqual({
    ...common,
    choices: [{ ...choice, delta: { role: 'assistant', content: '' } }],
    x_groq: { id },
  });
  expect(chunks[1]).toEqual({
    ...common,
    choices: [{ ...choice, delta: { content: expect.stringMatching(/^.{4}$/) } }],
  });
  expect(chunks.at(-1)).toEqual({
    ...common,
    choices: [{ ...choice, delta: {}, finish_reason: 'stop' }],
    x_groq: { id, usage: expect.objectContaining({ completion_tokens: chunks.length - 2 }) },
  });
});

test('text and usage are the same, streamed or not', async () => {
  const { groq } = groqAtRest();
  const whole = (await complete(groq, { max_completion_tokens: 9 })).body;
  const { chunks } = await stream(groq, { max_completion_tokens: 9 });
  const text = chunks.map(({ choices }) => choices[0].delta.content ?? '').join('');
  expect(text).toBe(whole.choices[0].message.content);
  expect(chunks.at(-1).choices[0].finish_reason).toBe('length');
  expect(chunks.at(-1).x_groq.usage).toEqual(whole.usage);
});

test('adds a chunk with the usage and no choices on request', async () => {
  const { groq } = groqAtRest();
  const { chunks } = await stream(groq, { stream_options: { include_usage: true } });
  expect(chunks.at(-1)).toMatchObject({
    object: 'chat.completion.chunk',
    choices: [],
    usage: chunks.at(-2).x_groq.usage,
  });
  expect(chunks.at(-1).usage.total_tokens).toBe(
    chunks.at(-1).usage.prompt_tokens + chunks.at(-1).usage.completion_tokens,
  );
});

test('streams a function call in one delta', async () => {
  const { groq } = groqAtRest();
  const tools = [{ type: 'function', function: { name: 'look_up' } }];
  const { chunks } = await stream(groq, { tools, tool_choice: 'required' });
  expect(chunks).toHaveLength(3);
  expect(chunks[1].choices[0].delta).toEqual({
    tool_calls: [
      {
        index: 0,
        id: expect.stringMatching(/^call_/),
        type: 'function',
        function: { name: 'look_up', arguments: '{}' },
      },
    ],
  });
  expect(chunks[2].choices[0].finish_reason).toBe('tool_calls');
});

test('a rejected stream is a plain error response', async () => {
  const { groq } = groqAtRest();
  const { status, headers, body } = await complete(groq, { stream: true, model: 'none' });
  expect([status, headers.get('content-type'), body.error.code]).toEqual([404, 'application/json', 'model_not_found']);
});

test('a stream has the rate limit headers and counts against the quotas', async () => {
  const { groq } = groqAtRest({ quotas: { rpd: 2 } });
  expect((await stream(groq)).headers.get('x-ratelimit-remaining-requests')).toBe('1');
  expect((await stream(groq)).headers.get('x-ratelimit-remaining-requests')).toBe('0');
  expect((await complete(groq, { stream: true })).status).toBe(429);
});

test('arrives over HTTPS as events, without a content-length', async () => {
  await using lab = await startFakeLab();
  const { status, headers, text } = await lab.complete({ body: { ...HELLO, stream: true } });
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' });
  expect(headers).not.toHaveProperty('content-length');
  expect(text).toMatch(/^data: \{.*\}\n\n(data: \{.*\}\n\n)+data: \[DONE\]\n\n$/);
});
