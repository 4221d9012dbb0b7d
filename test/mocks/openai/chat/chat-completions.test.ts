import { expect, test } from 'vitest';
import { complete, MODEL, openAiAtRest, stream } from '../ask-openai.ts';

const messages = [{ role: 'user', content: 'Hello' }];
const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

test("completes a chat in OpenAI's format", async () => {
  const { openai } = openAiAtRest();
  const { status, body } = await complete(openai);
  expect(status).toBe(200);
  expect(body).toEqual({
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion',
    created: 1_700_000_000,
    model: MODEL,
    system_fingerprint: 'fp_proofload',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: expect.stringMatching(/\w/), refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: expect.any(Number),
      completion_tokens: expect.any(Number),
      total_tokens: body.usage.prompt_tokens + body.usage.completion_tokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: expect.objectContaining({ reasoning_tokens: 0 }),
    },
    service_tier: 'default',
  });
});

test('n choices differ, and their tokens are added up', async () => {
  const { openai } = openAiAtRest();
  const answer = (await complete(openai)).body;
  const { choices, usage } = (await complete(openai, { n: 3 })).body;
  const texts: string[] = choices.map(({ message }: { message: { content: string } }) => message.content);
  expect(texts[0]).toBe(answer.choices[0].message.content);
  expect(new Set(texts).size).toBe(3);
  expect(usage.prompt_tokens).toBe(answer.usage.prompt_tokens);
  expect(usage.completion_tokens).toBe(texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0));
});

test('a stream has the plain text, has the usage only in its last chunk, and ends with [DONE]', async () => {
  const { openai } = openAiAtRest();
  const plain = (await complete(openai)).body;
  const events = await stream(openai, '/v1/chat/completions', { messages, stream_options: { include_usage: true } });
  expect(events.at(-1)?.data).toBe('[DONE]');
  const chunks = events.slice(0, -1).map(({ data }) => data);
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(plain.choices[0].message.content);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: plain.usage });
  for (const chunk of chunks.slice(0, -1)) expect(chunk).toMatchObject({ usage: null, service_tier: 'default' });
  expect(chunks.at(-2).choices[0].finish_reason).toBe('stop');
});

test('a stream has no usage unless the request asks for it', async () => {
  const { openai } = openAiAtRest();
  const events = await stream(openai, '/v1/chat/completions', { messages });
  for (const { data } of events) expect(data).not.toHaveProperty('usage');
});

test('streams the arguments of a function call in pieces', async () => {
  const { openai } = openAiAtRest();
  const events = await stream(openai, '/v1/chat/completions', { messages, tools: [WEATHER], tool_choice: 'required' });
  const calls = events.flatMap(({ data }) => data.choices?.[0]?.delta.tool_calls ?? []);
  expect(calls[0]).toEqual({
    index: 0,
    id: expect.stringMatching(/^call_/),
    type: 'function',
    function: { name: 'get_weather', arguments: '' },
  });
  expect(calls.length).toBeGreaterThan(2);
  expect(calls.map((call) => call.function.arguments).join('')).toMatch(/^\{"city":"\p{Ll}[^"]*"\}$/u);
});

test("JSON that doesn't fit into the limit is sent incomplete", async () => {
  const { openai } = openAiAtRest();
  const response_format = { type: 'json_object' };
  const { status, body } = await complete(openai, { response_format, max_completion_tokens: 3 });
  expect([status, body.choices[0].finish_reason]).toEqual([200, 'length']);
  expect(body.choices[0].message.content).toMatch(/^\{"topics".{0,3}$/);
});

test('a reasoning model rejects max_tokens, and others accept it', async () => {
  const { openai } = openAiAtRest();
  expect(await complete(openai, { max_tokens: 5 })).toMatchObject({
    status: 400,
    body: { error: { param: 'max_tokens', code: 'unsupported_parameter' } },
  });
  expect((await complete(openai, { model: 'gpt-4.1', max_tokens: 5 })).body.usage.completion_tokens).toBe(5);
});
