import { setupServer } from 'msw/node';
import { expect, test } from 'vitest';
import { createGroq } from '../../../mocks/groq/groq.ts';
import { startFakeLab } from '../fake-lab.ts';

const HELLO = { model: 'openai/gpt-oss-120b', messages: [{ role: 'user', content: 'Hello' }] };

test("completes a chat in the API's format", async () => {
  await using lab = await startFakeLab();
  const { status, headers, text } = await lab.complete({ body: HELLO });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json');
  const completion = JSON.parse(text);
  expect(completion).toEqual({
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion',
    created: expect.any(Number),
    model: HELLO.model,
    choices: [
      { index: 0, message: { role: 'assistant', content: expect.any(String) }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: {
      queue_time: expect.any(Number),
      prompt_tokens: expect.any(Number),
      prompt_time: expect.any(Number),
      completion_tokens: expect.any(Number),
      completion_time: expect.any(Number),
      total_tokens: completion.usage.prompt_tokens + completion.usage.completion_tokens,
      total_time: expect.any(Number),
    },
    system_fingerprint: expect.stringMatching(/^fp_/),
    service_tier: 'on_demand',
    x_groq: { id: headers['x-request-id'] },
  });
  expect(Math.abs(completion.created - Date.now() / 1000)).toBeLessThan(10);
});

const textOf = (answer: { text: string }): string => JSON.parse(answer.text).choices[0].message.content;

test('the text only depends on the seed, the request and its number', async () => {
  await using lab = await startFakeLab({ seed: 'one' });
  await using again = await startFakeLab({ seed: 'one' });
  await using other = await startFakeLab({ seed: 'two' });
  const bye = { ...HELLO, messages: [{ role: 'user', content: 'Bye' }] };
  const texts = async (of: typeof lab, body: unknown = HELLO) => [
    textOf(await of.complete({ body: HELLO })),
    textOf(await of.complete({ body })),
  ];
  const [first, second] = await texts(lab);
  expect(second).not.toBe(first);
  expect(await texts(again, bye)).toEqual([first, expect.not.stringContaining(second as string)]);
  expect((await texts(other))[0]).not.toBe(first);
});

test('responds with JSON on request', async () => {
  await using lab = await startFakeLab();
  const answer = await lab.complete({ body: { ...HELLO, response_format: { type: 'json_object' } } });
  expect(JSON.parse(textOf(answer))).toEqual({
    summary: expect.any(String),
    topics: [expect.any(String)],
    sentiment: expect.any(String),
  });
});

test('stops at max_completion_tokens', async () => {
  await using lab = await startFakeLab();
  const { choices, usage } = JSON.parse((await lab.complete({ body: { ...HELLO, max_completion_tokens: 3 } })).text);
  expect(choices[0]).toMatchObject({ finish_reason: 'length' });
  expect(choices[0].message.content).toMatch(/^.{9,12}$/);
  expect(usage.completion_tokens).toBe(3);
});

test.each(['', 'Bearer ', 'Bearer', 'Token gsk_test', 'gsk_test'])(
  'refuses the authorization "%s" with 401',
  async (authorization) => {
    await using lab = await startFakeLab();
    const { status, text } = await lab.complete({ authorization });
    expect(status).toBe(401);
    expect(JSON.parse(text)).toEqual({
      error: { message: 'Invalid API Key', type: 'invalid_request_error', code: 'invalid_api_key' },
    });
  },
);

test.each([
  ['{"model":', 'failed to parse the request body as JSON'],
  ['', 'failed to parse the request body as JSON'],
  [{ messages: HELLO.messages }, "'model' : property 'model' is missing"],
  [{ model: HELLO.model }, "'messages' : property 'messages' is missing"],
  [{ ...HELLO, messages: [] }, "'messages' : "],
  [{ ...HELLO, messages: [{ role: 'user', content: 5 }] }, "'messages.0.content' : value must be a string"],
  [{ ...HELLO, messages: [{ role: 'boss', content: 'x' }] }, "'messages.0.role' : "],
  [{ ...HELLO, temperature: 3 }, "'temperature' : "],
  [{ ...HELLO, temprature: 1 }, "property 'temprature' is unsupported"],
  [{ ...HELLO, stream_options: { include_usage: true } }, "'stream_options' : only allowed when 'stream' is true"],
  [{ ...HELLO, response_format: { type: 'json_schema' } }, "'response_format' : property 'json_schema' is missing"],
  [{ ...HELLO, tool_choice: 'required' }, "'tool_choice' : requires 'tools'"],
  [{ ...HELLO, tool_choice: { type: 'function' } }, "'tool_choice' : value must be"],
])('rejects %j with 400', async (body, message) => {
  await using lab = await startFakeLab();
  const { status, text } = await lab.complete({ body });
  expect(status).toBe(400);
  expect(JSON.parse(text)).toEqual({
    error: { message: expect.stringContaining(message), type: 'invalid_request_error' },
  });
});

test('accepts fields that Groq supports and the fake ignores', async () => {
  await using lab = await startFakeLab();
  expect(
    (await lab.complete({ body: { ...HELLO, seed: 1, stop: null, user: 'u', tools: [], stream: false } })).status,
  ).toBe(200);
});

test('an unknown model gets 404 model_not_found', async () => {
  await using lab = await startFakeLab();
  const { status, text } = await lab.complete({ body: { ...HELLO, model: 'gpt-9' } });
  expect(status).toBe(404);
  expect(JSON.parse(text).error).toMatchObject({
    message: 'The model `gpt-9` does not exist or you do not have access to it.',
    code: 'model_not_found',
  });
});

test('lists its models', async () => {
  await using lab = await startFakeLab();
  const { object, data } = JSON.parse((await lab.ask('groq', 'GET', '/openai/v1/models')).text);
  expect(object).toBe('list');
  expect(data).toContainEqual(expect.objectContaining({ id: 'openai/gpt-oss-20b', object: 'model', active: true }));
});

test('the same handlers serve in process, and an unhandled request fails', async () => {
  const server = setupServer(...createGroq({ seed: 'x', now: () => 1_700_000_000_000 }).handlers);
  server.listen({ onUnhandledFrame: 'error' });
  using _listening = { [Symbol.dispose]: () => server.close() };
  const response = await fetch('https://api.groq.com/openai/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_test' },
    body: JSON.stringify(HELLO),
  });
  expect(await response.json()).toMatchObject({ created: 1_700_000_000, model: HELLO.model });
  await expect(fetch('https://api.groq.com/openai/v2/none')).rejects.toThrow();
});
