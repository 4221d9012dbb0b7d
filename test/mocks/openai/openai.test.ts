import { expect, test } from 'vitest';
import { ask, complete, MODEL, openAiAtRest } from './ask-openai.ts';

test("every response has OpenAI's headers and its own request ID", async () => {
  const { openai } = openAiAtRest();
  const answers = [
    await ask(openai, 'GET', '/v1/models'),
    await ask(openai, 'GET', '/v1/models/none'),
    await ask(openai, 'GET', '/v9'),
    openai.errorResponse(503),
  ];
  for (const { headers } of answers) {
    expect(headers.get('openai-processing-ms')).toBe('0');
    expect(headers.get('openai-version')).toBe('2020-10-01');
  }
  const ids = answers.map(({ headers }) => headers.get('x-request-id'));
  expect(ids).toEqual(ids.map(() => expect.stringMatching(/^req_[0-9a-f]{26}$/)));
  expect(new Set(ids).size).toBe(4);
});

test('lists and retrieves models, including unsupported ones in the setting', async () => {
  const { openai } = openAiAtRest({ models: [MODEL, 'ft:gpt-4.1:acme::abc'] });
  const { data } = (await (await ask(openai, 'GET', '/v1/models')).json()) as { data: { id: string }[] };
  expect(data).toEqual([
    { id: MODEL, object: 'model', created: expect.any(Number), owned_by: 'system' },
    { id: 'ft:gpt-4.1:acme::abc', object: 'model', created: expect.any(Number), owned_by: 'system' },
  ]);
  expect((await ask(openai, 'GET', `/v1/models/${MODEL}`)).status).toBe(200);
  expect((await complete(openai, { model: 'ft:gpt-4.1:acme::abc' })).status).toBe(200);
  // A listed model that the fake knows keeps its properties.
  expect((await complete(openai, { max_tokens: 5 })).body.error.code).toBe('unsupported_parameter');
  for (const gone of [ask(openai, 'GET', '/v1/models/gpt-4.1'), complete(openai, { model: 'gpt-4.1' })]) {
    expect((await gone).status).toBe(404);
  }
});

test('an object in the setting models only sets quotas, and all models are served', async () => {
  const { openai } = openAiAtRest({ models: { [MODEL]: { rpm: 1 } } });
  expect((await complete(openai)).status).toBe(200);
  expect((await complete(openai)).status).toBe(429);
  expect((await complete(openai, { model: 'gpt-4.1' })).status).toBe(200);
});

test.each([
  [{ temperature: 9 }, 'temperature', 'integer_above_max_value'],
  [{ messages: [] }, 'messages', 'empty_array'],
  [{ messages: undefined }, 'messages', 'missing_required_parameter'],
  [{ messages: [{ role: 'boss', content: 'x' }] }, 'messages[0].role', 'invalid_value'],
  [{ messages: [{ role: 'user', content: 5 }] }, 'messages[0].content', 'invalid_type'],
  [{ temprature: 1 }, 'temprature', 'unknown_parameter'],
  [{ tool_choice: 'required' }, 'tool_choice', 'invalid_value'],
  [{ stream: 'yes' }, 'stream', 'invalid_type'],
  [{ max_completion_tokens: 200_000 }, 'max_completion_tokens', 'integer_above_max_value'],
])('rejects %j with 400 and the field in param', async (more, param, code) => {
  const { openai } = openAiAtRest();
  const { status, body } = await complete(openai, more);
  expect(status).toBe(400);
  expect(body).toEqual({
    error: { message: expect.stringMatching(/\w/), type: 'invalid_request_error', param, code },
  });
});

test('rejects a body that is not JSON, an unknown model, and a model of the wrong kind', async () => {
  const { openai } = openAiAtRest();
  const broken = await ask(openai, 'POST', '/v1/chat/completions', { body: '{' });
  expect([broken.status, await broken.json()]).toMatchObject([400, { error: { code: null } }]);
  expect(await complete(openai, { model: 'gpt-99' })).toMatchObject({
    status: 404,
    body: { error: { code: 'model_not_found', message: expect.stringContaining('`gpt-99`') } },
  });
  expect((await complete(openai, { model: 'text-embedding-3-small' })).status).toBe(404);
});

test('a missing key and a revoked key get 401, and a forbidden one 403', async () => {
  const { openai } = openAiAtRest({ revokedKeys: ['sk-old-secret-1234'], forbiddenKeys: ['sk-guest'] });
  const refusal = async (key: string | null) => {
    const response = await ask(openai, 'GET', '/v1/models', { key });
    return [response.status, ((await response.json()) as { error: { message: string; code: string } }).error];
  };
  expect(await refusal(null)).toMatchObject([401, { code: null, message: expect.stringMatching(/didn't provide/) }]);
  expect(await refusal('sk-old-secret-1234')).toMatchObject([
    401,
    { code: 'invalid_api_key', message: expect.stringContaining('sk-o****1234') },
  ]);
  expect(await refusal('sk-guest')).toMatchObject([403, {}]);
});

test('an exhausted quota gets 429 with the wait in seconds and milliseconds', async () => {
  const { openai, clock } = openAiAtRest({ quotas: { rpm: 8 } });
  for (let sent = 0; sent < 8; sent += 1) expect((await complete(openai)).status).toBe(200);
  const { status, headers, body } = await complete(openai);
  expect(status).toBe(429);
  expect(body.error).toMatchObject({
    type: 'requests',
    code: 'rate_limit_exceeded',
    message: expect.stringContaining(
      `Rate limit reached for ${MODEL} in organization org_proofload on requests per min (RPM): Limit 8, Used 8, Requested 1. Please try again in 7.5s.`,
    ),
  });
  expect(Object.fromEntries(headers)).toMatchObject({
    'retry-after': '8',
    'retry-after-ms': '7500',
    'x-should-retry': 'true',
    'x-ratelimit-limit-requests': '8',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '1m0s',
  });
  clock.now += 7500;
  expect((await complete(openai)).status).toBe(200);
});

test('a request that can never fit gets 429 with x-should-retry: false', async () => {
  const { openai } = openAiAtRest({ quotas: { tpm: 5 } });
  const { status, headers, body } = await complete(openai);
  expect([status, headers.get('x-should-retry'), headers.has('retry-after')]).toEqual([429, 'false', false]);
  expect(body.error).toMatchObject({ type: 'tokens', message: expect.stringMatching(/^Request too large for/) });
});

test('a full flex tier gets 429 resource_unavailable', async () => {
  const { openai } = openAiAtRest({ flexCapacity: 0 });
  expect(await complete(openai, { service_tier: 'flex' })).toMatchObject({
    status: 429,
    body: { error: { code: 'resource_unavailable' } },
  });
});

test.each([400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504])(
  'has a body for %d, and no header that says when to retry',
  async (status) => {
    const response = openAiAtRest().openai.errorResponse(status);
    expect(response.status).toBe(status);
    for (const name of ['retry-after', 'retry-after-ms', 'x-should-retry']) {
      expect(response.headers.has(name)).toBe(false);
    }
    expect(await response.json()).toEqual({
      error: {
        message: expect.stringMatching(/\w/),
        type: status < 500 ? expect.stringMatching(/_error$|^tokens$/) : 'server_error',
        param: null,
        code: status === 401 || status === 429 ? expect.any(String) : null,
      },
    });
  },
);

test('an unknown path names the URL', async () => {
  const response = await ask(openAiAtRest().openai, 'POST', '/v1/none', { body: {} });
  expect([response.status, await response.json()]).toEqual([
    404,
    { error: { message: 'Invalid URL (POST /v1/none)', type: 'invalid_request_error', param: null, code: null } },
  ]);
});

test('the same seed and requests give the same responses', async () => {
  const bodies = async () => [(await complete(openAiAtRest().openai)).body];
  expect(await bodies()).toEqual(await bodies());
});

test.each([
  'gpt-4o-mini',
  'gpt-4o-2024-08-06',
  'gpt-4.1-mini',
  'gpt-3.5-turbo',
  'gpt-4-turbo',
  'o3-mini',
  'gpt-5.6-luna',
])('the model %s, which services use, is served by default', async (model) => {
  const { openai } = openAiAtRest();
  expect((await complete(openai, { model })).status).toBe(200);
});
