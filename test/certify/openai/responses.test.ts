import { NotFoundError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { useFakes } from '../support/use-fakes.ts';
import { MODEL, openaiOf } from './client.ts';

const fakes = await useFakes();
const openai = openaiOf(fakes);
const request = { model: MODEL, input: 'Good morning' };
const tool = {
  type: 'function' as const,
  name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: true,
};

test('a plain response has its text and its usage', async () => {
  const response = await openai.responses.create(request);
  expect(response).toMatchObject({
    id: expect.stringMatching(/^resp_/),
    status: 'completed',
    output_text: expect.stringMatching(/\w/),
  });
  const { input_tokens, output_tokens, total_tokens } = response.usage ?? expect.fail('no usage');
  expect(total_tokens).toBe(input_tokens + output_tokens);
});

test('a stream has the same text, and the whole response at its end', async () => {
  const plain = await openai.responses.create(request);
  await fakes.reset();
  const events = await Array.fromAsync(await openai.responses.create({ ...request, stream: true }));
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
  const deltas = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : ''));
  expect(deltas.join('')).toBe(plain.output_text);
  expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { usage: plain.usage } });
});

test('the stream helper collects the response', async () => {
  const plain = await openai.responses.create(request);
  await fakes.reset();
  const collected = await openai.responses.stream(request).finalResponse();
  expect(collected.output_text).toBe(plain.output_text);
});

test('a required tool is called, whole and streamed', async () => {
  const wanted = { ...request, tools: [tool], tool_choice: 'required' as const };
  const { output } = await openai.responses.create(wanted);
  const call = { type: 'function_call', name: 'weather', arguments: expect.stringMatching(/^\{"city":"\w{10}/) };
  expect(output).toMatchObject([call]);
  await fakes.reset();
  expect((await openai.responses.stream(wanted).finalResponse()).output).toMatchObject(output);
});

test('parse returns a value of the schema', async () => {
  const schema = z.object({ mood: z.enum(['good', 'bad']) });
  const { output_parsed } = await openai.responses.parse({
    ...request,
    text: { format: zodTextFormat(schema, 'mood') },
  });
  expect(output_parsed).toEqual({ mood: 'good' });
});

test('a response can be retrieved, continued and deleted', async () => {
  const first = await openai.responses.create(request);
  expect(await openai.responses.retrieve(first.id)).toMatchObject({ id: first.id, output_text: first.output_text });
  const second = await openai.responses.create({ ...request, previous_response_id: first.id });
  expect(second.previous_response_id).toBe(first.id);
  await openai.responses.delete(first.id);
  await expect(openai.responses.retrieve(first.id)).rejects.toThrow(NotFoundError);
});
