import { expect, test } from 'vitest';
import { fakesInProcess } from '../../mocks/in-process.ts';

const complete = (stream = false) =>
  fetch('https://api.groq.com/openai/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_test', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', stream, messages: [{ role: 'user', content: 'Hello' }] }),
  });

test('responds like the servers, with receipts', async () => {
  using fakes = fakesInProcess();
  expect(await (await complete()).json()).toMatchObject({ object: 'chat.completion' });
  expect(await (await complete(true)).text()).toMatch(/data: \[DONE\]\n\n$/);
  const ping = await fetch('https://api.mem0.ai/v1/ping/', { headers: { authorization: 'Token m0-test' } });
  expect(ping.status).toBe(200);
  expect(await (await fetch('https://api.groq.com/nowhere')).json()).toMatchObject({ error: { code: 'unknown_url' } });
  expect(fakes.receipts()).toMatchObject([
    { seq: 1, upstream: 'groq', status: 200, outcome: 'answered' },
    { seq: 2, upstream: 'groq', status: 200, outcome: 'answered' },
    { seq: 3, upstream: 'mem0', route: 'GET /v1/ping/', status: 200, outcome: 'answered' },
    { seq: 4, upstream: 'groq', status: 404, outcome: 'answered' },
  ]);
});

test('an unhandled request fails, and so does its test, even if the error is swallowed', async () => {
  const fakes = fakesInProcess();
  await fetch('https://elsewhere.invalid/x').catch(() => undefined);
  expect(() => fakes[Symbol.dispose]()).toThrow(
    expect.objectContaining({
      code: 'unhandled-request',
      message: expect.stringContaining('GET https://elsewhere.invalid/x'),
    }),
  );
});

test('follows the plan, and then injected faults', async () => {
  using fakes = fakesInProcess({ plan: [{ upstream: 'groq', kind: 'status', status: 503, next: 1 }] });
  expect((await complete()).status).toBe(503);
  expect((await complete()).status).toBe(200);
  const fault = fakes.inject('groq', { kind: 'html-page' });
  expect((await complete()).headers.get('content-type')).toMatch(/^text\/html/);
  expect(fault).toMatchObject({ seen: 1, disrupted: 1 });
  fakes.heal();
  expect((await complete()).status).toBe(200);
});

test.each(['https', 'http'])('a redirect over %s leads to a host without credentials', async (over) => {
  using fakes = fakesInProcess();
  fakes.inject('groq', { kind: 'redirect', over });
  // fetch follows it, and sends no Authorization to another origin.
  expect((await complete()).status).toBe(503);
  expect(fakes.receipts()).toMatchObject([
    { kind: 'request', status: 307, faults: ['f1:redirect'] },
    { kind: 'redirected', upstream: 'groq', path: '/openai/v1/chat/completions', over },
  ]);
});

test.each([
  ['reset', {}, 'reset'],
  ['reset-in-headers', {}, 'reset'],
  ['half-close', {}, 'half-closed'],
])('%s is a network error', async (kind, options, outcome) => {
  using fakes = fakesInProcess();
  fakes.inject('groq', { kind, ...options });
  await expect(complete()).rejects.toThrow(TypeError);
  expect(fakes.receipts()).toMatchObject([{ faults: [`f1:${kind}`], status: null, outcome }]);
});

test.each([
  ['cut', { bytes: 10 }, 'cut'],
  ['reset-in-body', { bytes: 10 }, 'reset'],
  ['cut-stream', { events: 2 }, 'cut'],
])('%s breaks the body', async (kind, options, outcome) => {
  using fakes = fakesInProcess();
  fakes.inject('groq', { kind, ...options });
  const answer = await complete(true);
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow(TypeError);
  expect(fakes.receipts()).toMatchObject([{ status: 200, outcome }]);
});

test.each([{ kind: 'refuse' }, { kind: 'certificate', certificate: 'expired' }])(
  '%j is a network error without a receipt, until it is healed',
  async (fault) => {
    using fakes = fakesInProcess();
    fakes.inject('groq', fault);
    await expect(complete()).rejects.toThrow(TypeError);
    fakes.heal();
    expect((await complete()).status).toBe(200);
    expect(fakes.receipts()).toHaveLength(1);
  },
);

test('an invalid plan is rejected with all of its problems', () => {
  const plan = [
    { upstream: 'groq', kind: 'explode' },
    { upstream: 'mem0', kind: 'latency', milliseconds: 1 },
    { upstream: 'nobody', kind: 'reset' },
  ];
  expect(() => fakesInProcess({ plan: plan as never })).toThrow(
    /^fault 0: unknown fault kind "explode".*\nfault 2: unknown upstream "nobody"; allowed: groq, mem0, [^\n]+$/s,
  );
});

test('the fakes accept settings', async () => {
  using _fakes = fakesInProcess({ settings: { groq: { revokedKeys: ['gsk_old'] } } });
  const headers = { authorization: 'Bearer gsk_old' };
  expect((await fetch('https://api.groq.com/openai/v1/models', { headers })).status).toBe(401);
});

test('invalid settings are rejected', () => {
  expect(() => fakesInProcess({ settings: { mem0: { eventMs: -1 } } })).toThrow(/"eventMs" of settings of mem0 is -1/);
});
