import { zodResponseFormat } from 'openai/helpers/zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { useFakes } from '../support/use-fakes.ts';
import { openaiOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const openai = openaiOf(fakes);
const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

test('a plain completion has its text, its usage and a request id', async () => {
  const completion = await openai.chat.completions.create(QUESTION);
  expect(completion).toMatchObject({
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion',
    model: QUESTION.model,
    choices: [{ message: { role: 'assistant', content: expect.stringMatching(/\w/), refusal: null } }],
    _request_id: expect.stringMatching(/^req_/),
  });
  const { prompt_tokens, completion_tokens, total_tokens } = completion.usage ?? expect.fail('no usage');
  expect(total_tokens).toBe(prompt_tokens + completion_tokens);
});

test('a stream has the text of the plain completion, and its usage on request', async () => {
  const plain = await openai.chat.completions.create(QUESTION);
  await fakes.reset();
  const request = { ...QUESTION, stream: true as const, stream_options: { include_usage: true } };
  const chunks = await Array.fromAsync(await openai.chat.completions.create(request));
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(plain.choices[0]?.message.content);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: plain.usage });
  expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
});

test('the stream helper collects the completion', async () => {
  const plain = await openai.chat.completions.create(QUESTION);
  await fakes.reset();
  const collected = await openai.chat.completions.stream(QUESTION).finalChatCompletion();
  expect(collected.choices[0]?.message.content).toBe(plain.choices[0]?.message.content);
});

test('a required tool is called, whole and streamed', async () => {
  const request = { ...QUESTION, tools: [WEATHER], tool_choice: 'required' as const };
  const { choices } = await openai.chat.completions.create(request);
  const call = choices[0]?.message.tool_calls?.[0];
  const called = { name: 'weather', arguments: expect.stringMatching(/^\{"city":"\w{10}/) };
  expect(call).toMatchObject({ type: 'function', function: called });
  await fakes.reset();
  const streamed = await openai.chat.completions.stream(request).finalChatCompletion();
  expect(streamed.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: { tool_calls: [{ function: Reflect.get(Object(call), 'function') }] },
  });
});

test('parse returns a value of the schema', async () => {
  const schema = z.object({ mood: z.enum(['good', 'bad']), score: z.number() });
  const { choices } = await openai.chat.completions.parse({
    ...QUESTION,
    response_format: zodResponseFormat(schema, 'mood'),
  });
  expect(choices[0]?.message.parsed).toEqual({ mood: 'good', score: 0 });
});
