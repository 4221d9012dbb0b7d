import { expect, test } from 'vitest';
import { useFakes } from '../support/use-fakes.ts';
import { anthropicOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const anthropic = anthropicOf(fakes);
const weather = {
  name: 'weather',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
};

test('a plain message has its text, its usage and a request id', async () => {
  const message = await anthropic.messages.create({ ...QUESTION, system: 'Be short.' });
  expect(message).toMatchObject({
    id: expect.stringMatching(/^msg_/),
    type: 'message',
    role: 'assistant',
    model: QUESTION.model,
    content: [{ type: 'text', text: expect.stringMatching(/\w/) }],
    stop_reason: 'end_turn',
    _request_id: expect.stringMatching(/^req_/),
  });
});

test('a stream has the text of the plain message', async () => {
  const plain = await anthropic.messages.create(QUESTION);
  const events = await Array.fromAsync(await anthropic.messages.create({ ...QUESTION, stream: true }));
  // The SDK doesn't pass pings on.
  expect([...new Set(events.map(({ type }) => type))]).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  await fakes.reset();
  const collected = await anthropic.messages.stream(QUESTION).finalMessage();
  expect(collected.content).toMatchObject(plain.content);
  expect(collected.usage).toMatchObject(plain.usage);
});

test('a required tool is called, whole and streamed', async () => {
  const request = { ...QUESTION, tools: [weather], tool_choice: { type: 'any' as const } };
  const { stop_reason, content } = await anthropic.messages.create(request);
  expect(stop_reason).toBe('tool_use');
  const input = { city: expect.stringMatching(/\w{10}/) };
  expect(content).toMatchObject([{ type: 'tool_use', name: 'weather', input }]);
  await fakes.reset();
  expect((await anthropic.messages.stream(request).finalMessage()).content).toMatchObject(content);
});

test('parse returns a value of the schema', async () => {
  const schema = { type: 'object', properties: { mood: { enum: ['good', 'bad'] } }, required: ['mood'] };
  const message = await anthropic.messages.create({
    ...QUESTION,
    output_config: { format: { type: 'json_schema', schema } },
  });
  expect(message.content).toMatchObject([{ text: '{"mood":"good"}' }]);
});

test('a stop sequence ends the message', async () => {
  const message = await anthropic.messages.create({ ...QUESTION, stop_sequences: ['a'] });
  expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'a' });
});

test('counts tokens, and lists and retrieves models', async () => {
  const { model, messages } = QUESTION;
  const { usage } = await anthropic.messages.create(QUESTION);
  expect(await anthropic.messages.countTokens({ model, messages })).toMatchObject({ input_tokens: usage.input_tokens });
  const models = await Array.fromAsync(anthropic.models.list({ limit: 3 }));
  expect(models.length).toBeGreaterThan(10);
  for (const { id } of models) expect(await anthropic.models.retrieve(id)).toMatchObject({ id, type: 'model' });
});
