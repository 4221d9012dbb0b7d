import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test.each([400, 401, 403, 404, 413, 422, 429, 498, 499, 500, 502, 503, 599])(
  "answers %d with Groq's own body",
  async (status) => {
    await using lab = await startFakeLab();
    await lab.inject('groq', { kind: 'status', status, next: 1 });
    const answer = await lab.complete();
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({
      error: expect.objectContaining({ message: expect.any(String), type: expect.any(String) }),
    });
    expect(await lab.receipts()).toMatchObject([{ faults: ['f1:status'], status, outcome: 'answered' }]);
  },
);

test('responds with 500 and 429 and the bodies of Mem0', async () => {
  await using lab = await startFakeLab();
  await lab.inject('mem0', { kind: 'status', status: 500, route: 'GET /v1/ping/', next: 1 });
  expect(JSON.parse((await lab.ask('mem0', 'GET', '/v1/ping/')).text)).toEqual({
    error: '500 Internal Server Error',
    details: { message: 'Internal Server Error' },
  });
  await lab.inject('mem0', { kind: 'status', status: 429, route: 'GET /v1/ping/', next: 1 });
  expect(JSON.parse((await lab.ask('mem0', 'GET', '/v1/ping/')).text)).toEqual({ detail: expect.any(String) });
});

test('sends Retry-After only if it is set', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 429, retryAfter: { seconds: 7 }, next: 1 });
  await lab.inject('groq', { kind: 'status', status: 503, next: 2, route: 'GET /openai/v1/models' });
  const { headers } = await lab.complete();
  expect(headers['retry-after']).toBe('7');
  expect(headers).not.toHaveProperty('x-should-retry');
  expect((await lab.ask('groq', 'GET', '/openai/v1/models')).headers).not.toHaveProperty('retry-after');
});

test("the upstream doesn't get the request", async () => {
  await using lab = await startFakeLab();
  await lab.inject('mem0', { kind: 'status', status: 500, next: 1 });
  await lab.ask('mem0', 'POST', '/v3/memories/add/', {
    user_id: 'u',
    messages: [{ role: 'user', content: 'I like tea' }],
  });
  const found = await lab.ask('mem0', 'POST', '/v3/memories/search/', { query: 'tea', filters: { user_id: 'u' } });
  expect(JSON.parse(found.text)).toEqual({ results: [] });
});

test('sends retry-after-ms and x-should-retry, which some clients of LLM APIs know', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 503, retryAfter: { milliseconds: 1_500 }, shouldRetry: false });
  const { headers } = await lab.complete();
  expect(headers).toMatchObject({ 'retry-after-ms': '1500', 'x-should-retry': 'false' });
  expect(headers).not.toHaveProperty('retry-after');
});

test.each([
  [{ seconds: 9_000_000_000 }, '9000000000'],
  [{ dateInSeconds: 30 }, 30_000],
  [{ dateInSeconds: -30 }, -30_000],
])('sends Retry-After as %j', async (retryAfter, wanted) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 429, retryAfter });
  const before = Date.now();
  const header = String((await lab.complete()).headers['retry-after']);
  if (typeof wanted === 'string') expect(header).toBe(wanted);
  else {
    expect(header).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    // A date is in whole seconds.
    expect(Date.parse(header) - before - wanted).toBeGreaterThan(-1000);
    expect(Date.parse(header) - Date.now() - wanted).toBeLessThan(1000);
  }
});

test('sends the given code of the error, if the body of the provider has an error', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 404, code: 'model_not_found' });
  const { status, text } = await lab.complete();
  expect(status).toBe(404);
  expect(JSON.parse(text)).toEqual({
    error: { message: 'Not Found', type: 'invalid_request_error', code: 'model_not_found' },
  });
  await lab.inject('mem0', { kind: 'status', status: 404, code: 'gone', route: 'GET /v1/ping/' });
  expect((await lab.ask('mem0', 'GET', '/v1/ping/')).text).not.toContain('gone');
});
