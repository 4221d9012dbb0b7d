import { expect, test } from 'vitest';
import { anthropicAtRest, ask, HEADERS, MODEL, send } from './ask-anthropic.ts';

const version = HEADERS['anthropic-version'];

test.each([
  [{ 'anthropic-version': version }, 401, 'authentication_error', 'x-api-key header is required'],
  [{ 'x-api-key': '', 'anthropic-version': version }, 401, 'authentication_error', 'x-api-key header is required'],
  [{ 'x-api-key': 'sk-old', 'anthropic-version': version }, 401, 'authentication_error', 'invalid x-api-key'],
  [{ 'x-api-key': 'sk-guest', 'anthropic-version': version }, 403, 'permission_error', 'does not have permission'],
  [{ 'x-api-key': 'sk-new' }, 400, 'invalid_request_error', 'anthropic-version: header is required'],
  [
    { 'x-api-key': 'sk-new', 'anthropic-version': '2020-01-01' },
    400,
    'invalid_request_error',
    'anthropic-version: "2020-01-01" is not a valid version',
  ],
])('refuses the headers %j with %i', async (headers: Record<string, string>, status, type, message) => {
  const { anthropic } = anthropicAtRest({ revokedKeys: ['sk-old'], forbiddenKeys: ['sk-guest'] });
  for (const response of [
    await ask(anthropic, 'GET', '/v1/models', { headers }),
    await ask(anthropic, 'POST', '/v1/messages', { headers, body: {} }),
  ]) {
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      type: 'error',
      error: { details: null, type, message: expect.stringContaining(message) },
      request_id: response.headers.get('request-id'),
    });
  }
});

test('accepts a Bearer token in place of the key', async () => {
  const headers = { authorization: 'Bearer token', 'anthropic-version': version };
  expect((await send(anthropicAtRest().anthropic, {}, headers)).status).toBe(200);
});

test('every response has its own request id, even refusals and unknown paths', async () => {
  const { anthropic } = anthropicAtRest();
  const answers = [
    await ask(anthropic, 'GET', '/v1/models'),
    await ask(anthropic, 'GET', '/v1/models/none'),
    await ask(anthropic, 'GET', '/v9'),
    anthropic.errorResponse(529),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 529]);
  const ids = answers.map(({ headers }) => headers.get('request-id'));
  expect(ids).toEqual(ids.map(() => expect.stringMatching(/^req_[0-9a-f]{26}$/)));
  expect(new Set(ids).size).toBe(4);
  expect(answers[0]?.headers.get('anthropic-organization-id')).toBe('org_proofload');
});

test('lists models by pages, in both directions', async () => {
  const { anthropic } = anthropicAtRest({ models: ['m1', 'm2', 'm3', 'm4', 'm5'] });
  const page = async (query: string) => {
    const response = await ask(anthropic, 'GET', `/v1/models${query}`);
    const { data, ...rest } = (await response.json()) as { data: { id: string }[] };
    return { ...rest, ids: data.map(({ id }) => id) };
  };
  expect(await page('?limit=2')).toEqual({ ids: ['m1', 'm2'], has_more: true, first_id: 'm1', last_id: 'm2' });
  expect(await page('?limit=2&after_id=m4')).toMatchObject({ ids: ['m5'], has_more: false });
  expect(await page('?limit=2&before_id=m4')).toMatchObject({ ids: ['m2', 'm3'], has_more: true });
  expect(await page('')).toMatchObject({ ids: ['m1', 'm2', 'm3', 'm4', 'm5'], has_more: false });
  expect((await ask(anthropic, 'GET', '/v1/models?limit=0')).status).toBe(400);
});

test('retrieves a model; an unlisted one is 404 not_found_error', async () => {
  const { anthropic } = anthropicAtRest();
  expect(await (await ask(anthropic, 'GET', `/v1/models/${MODEL}`)).json()).toMatchObject({ type: 'model', id: MODEL });
  expect(await send(anthropic, { model: 'claude-9' })).toMatchObject({
    status: 404,
    body: { error: { type: 'not_found_error', message: 'model: claude-9' } },
  });
});

test('a used-up quota is 429 with the time to wait', async () => {
  const { anthropic, clock } = anthropicAtRest({ quotas: { rpm: 8 } });
  for (let sent = 0; sent < 8; sent += 1) expect((await send(anthropic)).status).toBe(200);
  const { status, headers, body } = await send(anthropic);
  expect(status).toBe(429);
  expect(body.error).toMatchObject({
    type: 'rate_limit_error',
    message: expect.stringContaining(
      `This request would exceed your organization's rate limit of 8 requests per minute (org: org_proofload, model: ${MODEL}).`,
    ),
  });
  expect(Object.fromEntries(headers)).toMatchObject({
    'retry-after': '8',
    'x-should-retry': 'true',
    'anthropic-ratelimit-requests-limit': '8',
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': '2023-11-14T22:14:20Z',
  });
  clock.now += 7500;
  expect((await send(anthropic)).status).toBe(200);
});

test('input and output tokens have quotas of their own', async () => {
  const { anthropic } = anthropicAtRest({ quotas: { itpm: 1000, otpm: 500 } });
  const { headers, body } = await send(anthropic);
  const { input_tokens: input, output_tokens: output } = body.usage;
  expect(Object.fromEntries(headers)).toMatchObject({
    'anthropic-ratelimit-input-tokens-remaining': String(1000 - input),
    'anthropic-ratelimit-output-tokens-remaining': String(500 - output),
    'anthropic-ratelimit-tokens-limit': '1500',
    'anthropic-ratelimit-tokens-remaining': String(1500 - input - output),
  });
});

test('a request that never fits is 429 with x-should-retry: false', async () => {
  const { status, headers } = await send(anthropicAtRest({ quotas: { itpm: 1 } }).anthropic);
  expect([status, headers.get('x-should-retry'), headers.has('retry-after')]).toEqual([429, 'false', false]);
});

test.each([
  [400, 'invalid_request_error', 'false'],
  [401, 'authentication_error', 'false'],
  [402, 'billing_error', 'false'],
  [403, 'permission_error', 'false'],
  [404, 'not_found_error', 'false'],
  [413, 'request_too_large', 'false'],
  [429, 'rate_limit_error', 'true'],
  [500, 'api_error', 'true'],
  [503, 'api_error', 'true'],
  [504, 'timeout_error', 'true'],
  [529, 'overloaded_error', 'true'],
])('the body of %d has the type %s', async (status, type, shouldRetry) => {
  const response = anthropicAtRest().anthropic.errorResponse(status);
  expect([response.status, response.headers.get('x-should-retry')]).toEqual([status, shouldRetry]);
  expect(response.headers.has('retry-after')).toBe(false);
  expect(await response.json()).toMatchObject({ type: 'error', error: { type, message: expect.stringMatching(/\w/) } });
});

test('configure replaces all settings; reset restores the initial ones', async () => {
  const { anthropic } = anthropicAtRest({ quotas: { rpm: 1 } });
  const first = (await send(anthropic)).body;
  expect((await send(anthropic)).status).toBe(429);
  anthropic.configure({});
  expect((await send(anthropic)).status).toBe(200);
  anthropic.reset();
  expect((await send(anthropic)).body).toEqual(first);
  expect((await send(anthropic)).status).toBe(429);
  expect(() => anthropic.configure({ quotas: { tpm: 1 } })).toThrow();
});

test.each([
  'claude-3-5-sonnet-20241022',
  'claude-3-5-haiku-latest',
  'claude-3-haiku-20240307',
  'claude-sonnet-4-20250514',
  'claude-opus-5',
])('the model %s, which services use, is served by default', async (model) => {
  const { anthropic } = anthropicAtRest();
  expect((await send(anthropic, { model })).status).toBe(200);
});
