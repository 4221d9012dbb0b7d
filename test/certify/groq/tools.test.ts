import { expect, test } from 'vitest';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf, QUESTION } from './client.ts';

const groq = groqOf(await useFakes());
const request = {
  ...QUESTION,
  tool_choice: 'required' as const,
  tools: [
    {
      type: 'function' as const,
      function: {
        name: 'weather',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    },
  ],
};

test('a required tool is called with valid arguments', async () => {
  const { choices } = await groq.chat.completions.create(request);
  expect(choices).toMatchObject([
    { finish_reason: 'tool_calls', message: { tool_calls: [{ type: 'function', function: { name: 'weather' } }] } },
  ]);
  const call = choices[0]?.message.tool_calls?.[0];
  expect(JSON.parse(call?.function.arguments ?? '')).toEqual({ city: expect.any(String) });
});

test('a stream calls the same tool', async () => {
  const chunks = await Array.fromAsync(await groq.chat.completions.create({ ...request, stream: true }));
  const calls = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  expect(calls[0]).toMatchObject({ index: 0, id: expect.any(String), function: { name: 'weather' } });
  expect(JSON.parse(calls.map((call) => call.function?.arguments ?? '').join(''))).toHaveProperty('city');
  expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(['tool_calls']);
});
