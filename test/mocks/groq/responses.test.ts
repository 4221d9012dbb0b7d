import { expect, test } from 'vitest';
import { ask, groqAtRest, MODEL } from './ask-groq.ts';

const respond = async (more: object = {}) => {
  const { groq } = groqAtRest();
  const body = { model: MODEL, input: 'Hello', ...more };
  const response = await ask(groq, 'POST', '/openai/v1/responses', { body });
  return { status: response.status, text: await response.text() };
};

test('responds whole and streamed, and stores nothing', async () => {
  const { status, text } = await respond();
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ object: 'response', status: 'completed', model: MODEL, store: false });
  expect((await respond({ stream: true })).text).toMatch(/^event: response\.created\n.*event: response\.completed\n/s);
});

test.each([
  [{ previous_response_id: 'resp_1' }, "'previous_response_id' : "],
  [{ store: true }, "'store' : "],
  [{ truncation: 'auto' }, "property 'truncation' is unsupported"],
  [{ input: undefined }, "'input' : "],
  [{ reasoning: { effort: 'none' } }, '`reasoning.effort` must be one of'],
])('rejects %j with 400', async (more, message) => {
  const { status, text } = await respond(more);
  expect([status, JSON.parse(text).error.message]).toEqual([400, expect.stringContaining(message)]);
});

test('stored responses and embeddings are unknown paths', async () => {
  const { groq } = groqAtRest();
  expect((await ask(groq, 'GET', '/openai/v1/responses/resp_1')).status).toBe(404);
  expect((await ask(groq, 'POST', '/openai/v1/embeddings', { body: {} })).status).toBe(404);
});
