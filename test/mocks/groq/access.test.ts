import { expect, test } from 'vitest';
import { ask, complete, groqAtRest } from './ask-groq.ts';

test('a revoked key gets 401 and a forbidden one 403, on every route', async () => {
  const { groq } = groqAtRest({ revokedKeys: ['gsk_old'], forbiddenKeys: ['gsk_poor'] });
  expect((await complete(groq, {}, 'gsk_new')).status).toBe(200);
  for (const path of ['/openai/v1/models', '/openai/v1/models/allam-2-7b']) {
    expect((await ask(groq, 'GET', path, { key: 'gsk_old' })).status).toBe(401);
    expect((await ask(groq, 'GET', path, { key: 'gsk_poor' })).status).toBe(403);
  }
  expect((await complete(groq, {}, 'gsk_old')).body.error.code).toBe('invalid_api_key');
  expect(await complete(groq, {}, 'gsk_poor')).toMatchObject({
    status: 403,
    body: { error: { type: 'permissions_error', message: expect.any(String) } },
  });
});

test.each(['/openai/v1/models/openai/gpt-oss-20b', '/openai/v1/models/openai%2Fgpt-oss-20b'])(
  'tells of one model at %s',
  async (path) => {
    const { groq } = groqAtRest();
    const response = await ask(groq, 'GET', path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: 'openai/gpt-oss-20b', object: 'model', owned_by: 'OpenAI' });
  },
);

test('an unknown model gets 404 model_not_found', async () => {
  const { groq } = groqAtRest();
  const response = await ask(groq, 'GET', '/openai/v1/models/gpt-9');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'model_not_found' } });
});

test.each([
  ['gemma2-9b-it', 400, 'model_decommissioned'],
  ['meta-llama/llama-4-maverick-17b-128e-instruct', 400, 'model_decommissioned'],
])('the retired model %s gets %i %s, and is not listed', async (id, status, code) => {
  const { groq } = groqAtRest();
  const refused = await complete(groq, { model: id });
  expect(refused).toMatchObject({ status, body: { error: { type: 'invalid_request_error', code } } });
  expect(refused.body.error.message).toContain(`\`${id}\``);
  const answer = await ask(groq, 'GET', `/openai/v1/models/${id}`);
  expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
  expect(await (await ask(groq, 'GET', '/openai/v1/models')).text()).not.toContain(`"${id}"`);
});

test.each([
  'llama-3.1-8b-instant',
  'llama-3.3-70b-versatile',
  'meta-llama/llama-4-scout-17b-16e-instruct',
  'qwen/qwen3-32b',
])('%s, which services still use, is served although it was retired, unless other models are listed', async (model) => {
  const { groq } = groqAtRest();
  expect((await complete(groq, { model })).status).toBe(200);
  expect(await (await ask(groq, 'GET', '/openai/v1/models')).text()).toContain(`"${model}"`);
  const others = groqAtRest({ models: ['openai/gpt-oss-20b'] }).groq;
  expect(await complete(others, { model })).toMatchObject({
    status: 404,
    body: { error: { code: 'model_not_found' } },
  });
});

test('gpt-oss rejects the reasoning effort "none", and other models accept it', async () => {
  const { groq } = groqAtRest();
  const none = { reasoning_effort: 'none' };
  expect(await complete(groq, none)).toMatchObject({ status: 400, body: { error: { param: 'reasoning_effort' } } });
  expect((await complete(groq, { reasoning_effort: 'low' })).status).toBe(200);
  expect((await complete(groq, { model: 'qwen/qwen3.6-27b', ...none })).status).toBe(200);
});

test('every response has its own request ID, including errors and unknown paths', async () => {
  const { groq } = groqAtRest();
  const answers = [
    await ask(groq, 'GET', '/openai/v1/models'),
    await ask(groq, 'GET', '/openai/v1/models/none'),
    await ask(groq, 'GET', '/openai/v9'),
    groq.errorResponse(503),
  ];
  const ids = answers.map(({ headers }) => headers.get('x-request-id'));
  expect(ids).toEqual(ids.map(() => expect.stringMatching(/^req_[0-9a-f]{26}$/)));
  expect(new Set(ids).size).toBe(4);
});

test('rejects more tokens than the model can generate, and names the field', async () => {
  const { groq } = groqAtRest();
  const { status, body } = await complete(groq, { model: 'allam-2-7b', max_completion_tokens: 4097 });
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ type: 'invalid_request_error', param: 'max_completion_tokens' });
});

test('a prompt longer than the context window gets 400 context_length_exceeded', async () => {
  const { groq } = groqAtRest();
  const messages = [{ role: 'user', content: 'x'.repeat(4 * 4096) }];
  const { status, body } = await complete(groq, { model: 'allam-2-7b', messages });
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
});

test.each([400, 401, 403, 404, 413, 422, 424, 429, 498, 499, 500, 502, 503])(
  'has a body for %d, and no Retry-After unless a quota says how long',
  async (status) => {
    const { groq } = groqAtRest();
    const response = groq.errorResponse(status);
    expect(response.status).toBe(status);
    expect(response.headers.has('retry-after')).toBe(false);
    expect(await response.json()).toEqual({
      error: expect.objectContaining({ message: expect.any(String), type: expect.any(String) }),
    });
  },
);
