import { expect, test } from 'vitest';
import { anthropicAtRest, ask, HEADERS, MODEL, send, stream } from './ask-anthropic.ts';

const WEATHER = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

test("sends a message in Anthropic's format", async () => {
  const { anthropic } = anthropicAtRest();
  const { status, body } = await send(anthropic);
  expect(status).toBe(200);
  expect(body).toEqual({
    id: expect.stringMatching(/^msg_/),
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: [{ type: 'text', text: expect.stringMatching(/\w/) }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: expect.objectContaining({
      input_tokens: expect.any(Number),
      output_tokens: Math.ceil(body.content[0].text.length / 4),
    }),
  });
});

test('the text depends on the system prompt, the seed and the messages', async () => {
  const textOf = async (more: object) => (await send(anthropicAtRest().anthropic, more)).body.content[0].text;
  const plain = await textOf({});
  expect(await textOf({})).toBe(plain);
  expect(await textOf({ max_tokens: 99 })).toBe(plain);
  const others = await Promise.all(['a', 'b', 'c'].map((system) => textOf({ system })));
  expect(others.some((text) => text !== plain)).toBe(true);
});

test('streams the documented events in order, with the plain text and its usage', async () => {
  const { anthropic } = anthropicAtRest();
  const plain = (await send(anthropic)).body;
  const events = await stream(anthropic);
  expect(events.map(({ name }) => name)).toEqual([
    'message_start',
    'content_block_start',
    'ping',
    ...Array(plain.usage.output_tokens).fill('content_block_delta'),
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  for (const { name, data } of events) expect(data.type).toBe(name);
  expect(events[0]?.data.message).toMatchObject({ content: [], stop_reason: null, usage: { output_tokens: 1 } });
  expect(events.map(({ data }) => data.delta?.text ?? '').join('')).toBe(plain.content[0].text);
  expect(events.at(-2)?.data).toMatchObject({
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { input_tokens: plain.usage.input_tokens, output_tokens: plain.usage.output_tokens },
  });
});

test.each([{ type: 'any' }, { type: 'tool', name: 'get_weather' }])(
  'calls a tool for %j, also streamed',
  async (choice) => {
    const { anthropic } = anthropicAtRest();
    const request = { tools: [WEATHER], tool_choice: choice };
    const { body } = await send(anthropic, request);
    expect(body).toMatchObject({
      content: [
        {
          type: 'tool_use',
          id: expect.stringMatching(/^toolu_/),
          name: 'get_weather',
          input: { city: expect.stringMatching(/^\p{Ll}/u) },
        },
      ],
      stop_reason: 'tool_use',
    });
    const events = await stream(anthropic, request);
    expect(events[1]?.data.content_block).toMatchObject({ type: 'tool_use', name: 'get_weather', input: {} });
    expect(events.map(({ data }) => data.delta?.partial_json ?? '').join('')).toBe(
      JSON.stringify(body.content[0].input),
    );
    expect(events.at(-2)?.data.delta.stop_reason).toBe('tool_use');
  },
);

test.each([{ type: 'auto' }, { type: 'none' }, null])('responds with text for tool_choice %j', async (tool_choice) => {
  const { body } = await send(anthropicAtRest().anthropic, { tools: [WEATHER], tool_choice });
  expect(body.content[0].type).toBe('text');
});

test('ends before a stop sequence and names it', async () => {
  const { anthropic } = anthropicAtRest();
  const whole: string = (await send(anthropic)).body.content[0].text;
  const [, second = ''] = whole.split(' ');
  const { body } = await send(anthropic, { stop_sequences: ['absent', second] });
  expect(body.content[0].text).toBe(whole.slice(0, whole.indexOf(second)));
  expect(body).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: second });
});

test('ends at max_tokens; a tool whose input does not fit gets none', async () => {
  const { anthropic } = anthropicAtRest();
  expect((await send(anthropic, { max_tokens: 2 })).body).toMatchObject({
    stop_reason: 'max_tokens',
    usage: { output_tokens: 2 },
  });
  const { body } = await send(anthropic, { max_tokens: 2, tools: [WEATHER], tool_choice: { type: 'any' } });
  expect(body).toMatchObject({ stop_reason: 'max_tokens', content: [{ type: 'tool_use', input: {} }] });
});

test('responds with a value that the JSON schema allows', async () => {
  const schema = { type: 'object', properties: { mood: { enum: ['good', 'bad'] } }, required: ['mood'] };
  const output_config = { format: { type: 'json_schema', schema } };
  expect((await send(anthropicAtRest().anthropic, { output_config })).body.content[0].text).toBe('{"mood":"good"}');
});

test('counts the tokens that a message uses', async () => {
  const { anthropic } = anthropicAtRest();
  const body = { model: MODEL, system: 'Be short.', messages: [{ role: 'user', content: 'Hello' }] };
  const response = await ask(anthropic, 'POST', '/v1/messages/count_tokens', { body });
  const { usage } = (await send(anthropic, { system: 'Be short.' })).body;
  expect(await response.json()).toEqual({ input_tokens: usage.input_tokens });
  const unknown = await ask(anthropic, 'POST', '/v1/messages/count_tokens', { body: { ...body, model: 'none' } });
  expect(unknown.status).toBe(404);
});

test.each([
  [{ max_tokens: undefined }, 'max_tokens: Field required'],
  [{ max_tokens: 0 }, 'max_tokens: '],
  [{ max_tokens: 200_000 }, 'max_tokens: 200000 > 128000, which is the maximum'],
  [{ messages: undefined }, 'messages: Field required'],
  [{ messages: [] }, 'messages: '],
  [{ messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
  [{ messages: [{ role: 'user', content: 5 }] }, 'messages.0.content: Input should be a valid string'],
  [{ messages: [{ role: 'boss', content: 'x' }] }, 'messages.0.role: '],
  [{ temprature: 1 }, 'temprature: Extra inputs are not permitted'],
  [{ temperature: 1 }, 'temperature: Extra inputs are not permitted'],
  [{ top_p: 0.5 }, 'top_p: Extra inputs are not permitted'],
  [{ messages: [{ role: 'assistant', content: [{ type: 'document' }] }] }, 'messages.0.content.0: document blocks'],
  [
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'x', citations: [{}] }] }] },
    'messages.0.content.0.citations: must be empty',
  ],
  [{ stop_sequences: [' '] }, 'stop_sequences.0: '],
  [{ tool_choice: { type: 'any' } }, 'tool_choice: may only be specified while providing tools'],
  [{ tools: [WEATHER], tool_choice: { type: 'tool', name: 'fly' } }, "tool_choice: Tool 'fly' not found"],
])('refuses %j with 400 that names the field', async (more, message) => {
  const { status, headers, body } = await send(anthropicAtRest().anthropic, more);
  expect([status, headers.get('x-should-retry')]).toEqual([400, 'false']);
  expect(body.error).toMatchObject({ type: 'invalid_request_error', message: expect.stringContaining(message) });
});

test('a prompt longer than the context window is 400', async () => {
  const messages = [{ role: 'user', content: 'x'.repeat(4 * 200_000) }];
  const { status, body } = await send(anthropicAtRest().anthropic, { model: 'claude-haiku-5-5', messages });
  expect([status, body.error.message]).toEqual([
    400,
    expect.stringMatching(/^prompt is too long: 2\d+ tokens > 200000/),
  ]);
});

test('the older API version has sampling parameters, and its blocks are not checked', async () => {
  const older = { ...HEADERS, 'anthropic-version': '2023-06-01' };
  const { anthropic } = anthropicAtRest();
  const messages = [{ role: 'assistant', content: [{ type: 'document' }] }];
  expect((await send(anthropic, { temperature: 1, top_k: 5, top_p: 0.5, messages }, older)).status).toBe(200);
  expect((await send(anthropic, { temperature: 1.5 }, older)).body.error.message).toMatch(/^temperature: /);
});

test('calls that exceed the token limit end in the middle of the arguments, or are missing', async () => {
  const calls = ['find', 'book'].map((tool) => ({ tool, arguments: { text: 'x'.repeat(40) } }));
  const { anthropic } = anthropicAtRest({ conversation: { rounds: [{ text: 'I do it.', calls }] } });
  const tools = ['find', 'book'].map((name) => ({ name, input_schema: {} }));
  const piecesFor = async (max_tokens: number) => {
    const events = await stream(anthropic, { max_tokens, tools });
    const stopped = events.find(({ name }) => name === 'message_delta')?.data;
    const started = events.flatMap(({ data }) => data.content_block?.name ?? []);
    const written = events.map(({ data }) => data.delta?.partial_json ?? '').join('');
    return { started, written: written.length, ...stopped?.delta, output: stopped?.usage.output_tokens };
  };
  const whole = await piecesFor(100);
  expect(whole).toMatchObject({ started: ['find', 'book'], written: 102, stop_reason: 'tool_use' });
  const rest = { stop_reason: 'max_tokens', stop_sequence: null };
  expect(await piecesFor(whole.output - 1)).toMatchObject({ started: ['find', 'book'], ...rest });
  const cut = await piecesFor(6);
  expect(cut).toMatchObject({ started: ['find'], written: 9, output: 6, ...rest });
  expect(await piecesFor(2)).toEqual({ started: [], written: 0, output: 2, ...rest });
});
