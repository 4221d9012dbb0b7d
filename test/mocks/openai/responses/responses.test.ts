import { expect, test } from 'vitest';
import { ask, MODEL, openAiAtRest, respond, stream } from '../ask-openai.ts';

const TOOL = { type: 'function', name: 'look_up', parameters: { type: 'object', properties: {} }, strict: true };

test("responds in OpenAI's format", async () => {
  const { openai } = openAiAtRest();
  const { status, body } = await respond(openai, { instructions: 'Be short.', metadata: { a: 'b' } });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id: expect.stringMatching(/^resp_/),
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: 'Be short.',
    metadata: { a: 'b' },
    model: MODEL,
    output: [
      {
        id: expect.stringMatching(/^msg_/),
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: expect.stringMatching(/\w/), annotations: [], logprobs: [] }],
      },
    ],
    store: true,
    text: { format: { type: 'text' } },
    usage: { total_tokens: body.usage.input_tokens + body.usage.output_tokens },
  });
});

test('streams every documented event in order, numbered, with the plain text', async () => {
  const { openai } = openAiAtRest();
  const plain = (await respond(openai)).body;
  const events = await stream(openai, '/v1/responses', { input: 'Hello' });
  expect(events.map(({ name }) => name)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    ...Array(plain.usage.output_tokens).fill('response.output_text.delta'),
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  for (const [index, { name, data }] of events.entries()) {
    expect(data).toMatchObject({ type: name, sequence_number: index });
  }
  const { text } = plain.output[0].content[0];
  expect(events.map(({ data }) => data.delta ?? '').join('')).toBe(text);
  expect(events[0]?.data.response).toMatchObject({ status: 'in_progress', output: [], usage: null });
  expect(events.at(-1)?.data.response).toMatchObject({ status: 'completed', usage: plain.usage });
});

test('calls a required function, whole and streamed', async () => {
  const { openai } = openAiAtRest();
  const call = { type: 'function_call', name: 'look_up', arguments: '{}', call_id: expect.stringMatching(/^call_/) };
  const request = { tools: [TOOL], tool_choice: 'required' };
  expect((await respond(openai, request)).body.output).toMatchObject([call]);
  const events = await stream(openai, '/v1/responses', { input: 'Hello', ...request });
  expect(events.map(({ name }) => name)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'response.output_item.done',
    'response.completed',
  ]);
  expect(events.at(-2)?.data.item).toMatchObject(call);
});

test('responds with a value that the JSON schema allows', async () => {
  const { openai } = openAiAtRest();
  const schema = { type: 'object', properties: { mood: { enum: ['good', 'bad'] } }, required: ['mood'] };
  const { body } = await respond(openai, { text: { format: { type: 'json_schema', name: 'mood', schema } } });
  expect(body.output[0].content[0].text).toBe('{"mood":"good"}');
});

test('a reply longer than max_output_tokens is incomplete', async () => {
  const { openai } = openAiAtRest();
  const { body } = await respond(openai, { max_output_tokens: 16 });
  expect(body).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    usage: { output_tokens: 16 },
  });
  const events = await stream(openai, '/v1/responses', { input: 'Hello', max_output_tokens: 16 });
  expect(events.at(-1)?.name).toBe('response.incomplete');
});

test('a stored response can be retrieved, continued and deleted', async () => {
  const { openai } = openAiAtRest();
  const first = (await respond(openai)).body;
  const path = `/v1/responses/${first.id}`;
  expect(await (await ask(openai, 'GET', path)).json()).toEqual(first);
  const second = (await respond(openai, { previous_response_id: first.id })).body;
  expect(second.usage.input_tokens).toBe(first.usage.input_tokens + first.usage.total_tokens);
  expect(await (await ask(openai, 'DELETE', path)).json()).toEqual({ id: first.id, object: 'response', deleted: true });
  expect((await ask(openai, 'GET', path)).status).toBe(404);
  expect(await respond(openai, { previous_response_id: first.id })).toMatchObject({
    status: 400,
    body: { error: { code: 'previous_response_not_found', param: 'previous_response_id' } },
  });
});

test('a response with store: false is not kept, and a reset deletes all', async () => {
  const { openai } = openAiAtRest();
  const unkept = (await respond(openai, { store: false })).body;
  expect((await ask(openai, 'GET', `/v1/responses/${unkept.id}`)).status).toBe(404);
  const kept = (await respond(openai)).body;
  openai.reset();
  expect((await ask(openai, 'GET', `/v1/responses/${kept.id}`)).status).toBe(404);
});

test.each([
  [{ input: [] }, 'input'],
  [{ input: 5 }, 'input'],
  [{ max_output_tokens: 15 }, 'max_output_tokens'],
  [{ messages: [] }, 'messages'],
  [{ tool_choice: 'required' }, 'tool_choice'],
  [{ tools: [TOOL], tool_choice: { type: 'function', name: 'fly' } }, 'tool_choice'],
  [{ stream_options: {} }, 'stream_options'],
  [{ text: { format: { type: 'json_schema', name: 'x' } } }, 'text.format.schema'],
])('rejects %j with 400 that names %s', async (more, param) => {
  const { openai } = openAiAtRest();
  expect(await respond(openai, more)).toMatchObject({
    status: 400,
    body: { error: { type: 'invalid_request_error', param } },
  });
});
