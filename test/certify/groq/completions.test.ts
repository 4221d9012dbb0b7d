import { expect, test } from 'vitest';
import { requestsOf } from '../support/requests-of.ts';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const groq = groqOf(fakes);

test('a plain completion has an ID, one choice and its usage', async () => {
  const completion = await groq.chat.completions.create(QUESTION);
  expect(completion).toMatchObject({
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion',
    created: expect.any(Number),
    model: QUESTION.model,
    choices: [
      { index: 0, message: { role: 'assistant', content: expect.stringMatching(/\w/) }, finish_reason: 'stop' },
    ],
    x_groq: { id: expect.stringMatching(/^req_/) },
  });
  const { prompt_tokens, completion_tokens, total_tokens } = completion.usage ?? expect.fail('no usage');
  expect(total_tokens).toBe(prompt_tokens + completion_tokens);
});

test('a completion stops at its token limit', async () => {
  const { choices, usage } = await groq.chat.completions.create({ ...QUESTION, max_completion_tokens: 3 });
  expect(choices[0]?.finish_reason).toBe('length');
  expect(usage?.completion_tokens).toBe(3);
});

test('a request for JSON gets JSON', async () => {
  const { choices } = await groq.chat.completions.create({
    ...QUESTION,
    messages: [{ role: 'user', content: 'Answer in JSON' }],
    response_format: { type: 'json_object' },
  });
  expect(JSON.parse(choices[0]?.message.content ?? '')).toBeTypeOf('object');
});

test('the same request gets another text each time, and the same ones after a reset', async () => {
  const ask = async () => (await groq.chat.completions.create(QUESTION)).choices[0]?.message.content;
  const texts = [await ask(), await ask()];
  expect(texts[0]).not.toBe(texts[1]);
  await fakes.reset();
  expect([await ask(), await ask()]).toEqual(texts);
});

test('the raw response has the request ID and the remaining quotas', async () => {
  const { response } = await groq.chat.completions.create(QUESTION).withResponse();
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  for (const what of ['limit', 'remaining']) {
    for (const unit of ['requests', 'tokens']) {
      expect(response.headers.get(`x-ratelimit-${what}-${unit}`), `${what} ${unit}`).toMatch(/^\d+$/);
    }
  }
  for (const unit of ['requests', 'tokens']) {
    expect(response.headers.get(`x-ratelimit-reset-${unit}`)).toMatch(/^(\d+h)?(\d+m)?\d+(\.\d+)?(s|ms)$/);
  }
  expect(response.headers.has('retry-after')).toBe(false);
});

test("one completion is one request, with the key and the SDK's headers", async () => {
  expect(await requestsOf(fakes, () => groq.chat.completions.create(QUESTION))).toMatchObject([
    { upstream: 'groq', route: 'POST /openai/v1/chat/completions', status: 200, outcome: 'answered' },
  ]);
});
