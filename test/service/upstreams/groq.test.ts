import { expect, test } from 'vitest';
import { createGroqClient } from '../../../service/upstreams/groq.ts';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { requestBudget } from '../support/budget.ts';
import { clientOptions } from '../support/upstream-client.ts';
import { json, startUpstream } from '../support/upstream-server.ts';

async function invoke(answer: unknown, model = 'llama') {
  await using upstream = await startUpstream(json(200, answer));
  await using client = clientOptions(upstream.url, { authorization: 'Bearer gsk' });
  const llm = createGroqClient(createJsonClient(client.options), model);
  return { content: await llm.invoke([{ role: 'user', content: 'hello' }], requestBudget()), seen: upstream.seen };
}

test('requests a chat completion, and returns its text', async () => {
  const { content, seen } = await invoke({
    choices: [{ message: { role: 'assistant', content: 'hi' } }, {}],
    usage: {},
  });
  expect(content).toBe('hi');
  expect(seen).toEqual([
    {
      path: '/openai/v1/chat/completions',
      authorization: 'Bearer gsk',
      body: { model: 'llama', messages: [{ role: 'user', content: 'hello' }], max_completion_tokens: 512 },
    },
  ]);
});

test('requests low reasoning effort from gpt-oss, because reasoning counts as completion', async () => {
  const { seen } = await invoke({ choices: [{ message: { content: 'hi' } }] }, 'openai/gpt-oss-20b');
  expect(seen[0]?.body).toMatchObject({ model: 'openai/gpt-oss-20b', reasoning_effort: 'low' });
});

test.each([
  ['no choices', { id: 'x' }],
  ['empty choices', { choices: [] }],
  ['no content', { choices: [{ message: { role: 'assistant', content: null } }] }],
  ['empty content', { choices: [{ message: { content: '' } }] }],
  ['content that cannot be stored', { choices: [{ message: { content: 'a\0b' } }] }],
  ['an error in a 200', { error: { message: 'overloaded' }, choices: [{ message: { content: 'hi' } }] }],
])('a completion with %s is a failure that counts', async (_what, answer) => {
  await expect(invoke(answer)).rejects.toMatchObject({ code: 'llm_unavailable', countsAsFailure: true });
});
