import { expect, test, vi } from 'vitest';
import type { GroqUpstream } from '../../../mocks/groq/groq.ts';
import { createGroq } from '../../../mocks/groq/groq.ts';
import { ask, complete, groqAtRest, MODEL } from './ask-groq.ts';

const statuses = async (groq: GroqUpstream, count: number, more: object = {}): Promise<number[]> => {
  const seen: number[] = [];
  for (let sent = 0; sent < count; sent++) seen.push((await complete(groq, more)).status);
  return seen;
};

test('allows exactly RPM requests, and then another one each time a share of the minute has passed', async () => {
  const { groq, clock } = groqAtRest({ quotas: { rpm: 3 } });
  expect(await statuses(groq, 4)).toEqual([200, 200, 200, 429]);
  clock.now += 19_999;
  expect(await statuses(groq, 1)).toEqual([429]);
  clock.now += 1;
  expect(await statuses(groq, 2)).toEqual([200, 429]);
  clock.now += 60_000;
  expect(await statuses(groq, 4)).toEqual([200, 200, 200, 429]);
});

test('allows exactly RPD requests per day', async () => {
  const { groq, clock } = groqAtRest({ quotas: { rpd: 2 } });
  expect(await statuses(groq, 3)).toEqual([200, 200, 429]);
  clock.now += 12 * 3_600_000 - 1;
  expect(await statuses(groq, 1)).toEqual([429]);
  clock.now += 1;
  expect(await statuses(groq, 2)).toEqual([200, 429]);
});

test('counts the used tokens against TPM, and requires room for the maximum', async () => {
  const { groq, clock } = groqAtRest({ quotas: { tpm: 1000 } });
  const { usage } = (await complete(groq)).body;
  const prompt = usage.prompt_tokens;
  const left = 1000 - usage.total_tokens;

  expect((await complete(groq, { max_completion_tokens: left - prompt + 1 })).status).toBe(429);
  expect((await complete(groq, { max_completion_tokens: left - prompt })).status).toBe(200);

  // The reply was shorter than its maximum.
  const { headers } = await complete(groq, { max_completion_tokens: 1 });
  expect(headers.get('x-ratelimit-remaining-tokens')).toBe(String(1000 - 2 * usage.total_tokens - prompt - 1));
  clock.now += 60_000;
  expect((await complete(groq)).headers.get('x-ratelimit-remaining-tokens')).toBe(String(left));
});

test('the message at the token limit is exactly that of Groq', async () => {
  const { groq } = groqAtRest({ organisations: { org_one: { keys: ['gsk_one'], quotas: { tpm: 100 } } } });
  const first = await complete(groq, { max_completion_tokens: 5 }, 'gsk_one');
  const { total_tokens: used, prompt_tokens: prompt } = first.body.usage;
  const requested = prompt + 80;
  const refused = await complete(groq, { max_completion_tokens: 80 }, 'gsk_one');
  const seconds = ((used + requested - 100) * 60) / 100;
  expect(refused.status).toBe(429);
  expect(refused.body).toEqual({
    error: {
      message: `Rate limit reached for model \`${MODEL}\` in organization \`org_one\` service tier \`on_demand\` on tokens per minute (TPM): Limit 100, Used ${used}, Requested ${requested}. Please try again in ${seconds}s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing`,
      type: 'tokens',
      code: 'rate_limit_exceeded',
    },
  });
  expect(refused.headers.get('retry-after')).toBe(String(Math.ceil(seconds)));
});

test.each([
  [{ rpm: 1 }, 'requests', 'requests per minute (RPM): Limit 1, Used 1, Requested 1. Please try again in 1m0s.', '60'],
  [
    { rpd: 1 },
    'requests',
    'requests per day (RPD): Limit 1, Used 1, Requested 1. Please try again in 24h0m0s.',
    '86400',
  ],
])('at %j the response has the limit, the wait and Retry-After', async (quotas, type, message, retryAfter) => {
  const { groq } = groqAtRest({ quotas });
  expect((await complete(groq)).headers.has('retry-after')).toBe(false);
  const { status, body, headers } = await complete(groq);
  expect(status).toBe(429);
  expect(body.error).toMatchObject({ type, code: 'rate_limit_exceeded', message: expect.stringContaining(message) });
  expect(headers.get('retry-after')).toBe(retryAfter);
});

test('reports the tokens of the day', async () => {
  const { groq } = groqAtRest({ quotas: { tpd: 50 } });
  await complete(groq);
  expect((await complete(groq)).body.error.message).toContain('on tokens per day (TPD): Limit 50, Used ');
});

test('a request larger than the whole quota gets 413, and uses nothing up', async () => {
  const { groq } = groqAtRest({ quotas: { tpm: 50 } });
  const { status, body, headers } = await complete(groq, { max_completion_tokens: 100 });
  expect(status).toBe(413);
  expect(body.error).toEqual({
    message: expect.stringMatching(
      /^Request too large for model `openai\/gpt-oss-20b` in organization `org_proofload` service tier `on_demand` on tokens per minute \(TPM\): Limit 50, Requested 11\d, please reduce your message size/,
    ),
    type: 'tokens',
    code: 'rate_limit_exceeded',
  });
  expect(headers.has('retry-after')).toBe(false);
  expect(headers.get('x-ratelimit-remaining-tokens')).toBe('50');
});

test('reports the requests of the day and the tokens of the minute in headers', async () => {
  const { groq, clock } = groqAtRest({ quotas: { rpm: 30, rpd: 14_400, tpm: 6000, tpd: 500_000 } });
  await complete(groq);
  clock.now += 100;
  const { headers, body } = await complete(groq);
  const used = 2 * body.usage.total_tokens - 10;
  expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ratelimit')))).toEqual({
    'x-ratelimit-limit-requests': '14400',
    'x-ratelimit-limit-tokens': '6000',
    'x-ratelimit-remaining-requests': '14398',
    'x-ratelimit-remaining-tokens': String(6000 - used),
    'x-ratelimit-reset-requests': '11.9s',
    'x-ratelimit-reset-tokens': `${used * 10}ms`,
  });
});

test("all keys of an organization share its quotas, and other keys don't", async () => {
  const { groq } = groqAtRest({
    quotas: { rpm: 2 },
    organisations: { org_one: { keys: ['gsk_a', 'gsk_b'] }, org_two: { keys: ['gsk_c'], quotas: { rpm: 1 } } },
  });
  const statusFor = async (key: string): Promise<number> => (await complete(groq, {}, key)).status;
  expect([await statusFor('gsk_a'), await statusFor('gsk_b'), await statusFor('gsk_a')]).toEqual([200, 200, 429]);
  expect([await statusFor('gsk_c'), await statusFor('gsk_c')]).toEqual([200, 429]);
  expect([await statusFor('gsk_x'), await statusFor('gsk_y'), await statusFor('gsk_z')]).toEqual([200, 200, 429]);
});

test('each model has its own quotas', async () => {
  const { groq } = groqAtRest({ quotas: { rpm: 1 }, models: { 'allam-2-7b': { rpm: 2 } } });
  expect(await statuses(groq, 2)).toEqual([200, 429]);
  expect(await statuses(groq, 3, { model: 'allam-2-7b' })).toEqual([200, 200, 429]);
});

test('the flex tier responds with 498 when its capacity is used up, and has ten times the quotas', async () => {
  const { groq, clock } = groqAtRest({ quotas: { rpm: 1 }, flexCapacity: 3 });
  const flex = { service_tier: 'flex' };
  expect((await complete(groq, flex)).body.service_tier).toBe('flex');
  expect(await statuses(groq, 3, flex)).toEqual([200, 200, 498]);
  expect((await complete(groq, flex)).body.error).toMatchObject({
    type: 'capacity_exceeded',
    code: 'capacity_exceeded',
  });
  expect(await statuses(groq, 2)).toEqual([200, 429]);
  clock.now += 20_000;
  expect(await statuses(groq, 2, flex)).toEqual([200, 498]);
});

test('a flex tier without capacity', async () => {
  const { groq } = groqAtRest({ flexCapacity: 0 });
  expect(await statuses(groq, 1, { service_tier: 'flex' })).toEqual([498]);
});

test('there are no limits by default', async () => {
  const { groq } = groqAtRest();
  expect(new Set(await statuses(groq, 500, { max_completion_tokens: 8000 }))).toEqual(new Set([200]));
});

test("rejected requests and lists of models don't use up the quotas", async () => {
  const { groq } = groqAtRest({ quotas: { rpm: 1 } });
  expect((await complete(groq, { temperature: 9 })).status).toBe(400);
  expect((await complete(groq, { model: 'none' })).status).toBe(404);
  expect((await ask(groq, 'GET', '/openai/v1/models')).status).toBe(200);
  expect((await complete(groq)).status).toBe(200);
});

test('configure replaces all settings and resets the usage, and reset restores the initial settings', async () => {
  const { groq } = groqAtRest({ quotas: { rpm: 1 } });
  const first = (await complete(groq)).body;
  groq.configure({ quotas: { rpm: 2 } });
  expect(await statuses(groq, 3)).toEqual([200, 200, 429]);
  groq.configure({});
  expect(await statuses(groq, 3)).toEqual([200, 200, 200]);
  groq.reset();
  expect(groq.settings.quotas).toEqual({ rpm: 1 });
  expect((await complete(groq)).body).toEqual(first);
  expect((await complete(groq)).status).toBe(429);
});

test.each([{ quotas: { rpm: 0 } }, { quotas: { rps: 1 } }, { quota: {} }, { flexCapacity: -1 }])(
  'refuses the settings %j',
  (settings) => {
    const { groq } = groqAtRest();
    expect(() => groq.configure(settings as object)).toThrow();
    expect(groq.settings.quotas).toEqual({});
  },
);

test('the same seed and requests give the same responses, including IDs', async () => {
  const answers = async () => {
    const { groq } = groqAtRest();
    return [await complete(groq), await complete(groq, { messages: [{ role: 'user', content: 'Bye' }] })];
  };
  const bodies = async () => (await answers()).map(({ body }) => body);
  expect(await bodies()).toEqual(await bodies());
  expect(new Set((await bodies()).map(({ id }) => id)).size).toBe(2);
});

test('changing the wall clock by an hour neither extends nor ends the wait', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const groq = createGroq({ seed: 'test', quotas: { rpm: 1 } });
  await complete(groq);
  for (const hours of [-1, 2]) {
    vi.setSystemTime(Date.now() + hours * 3_600_000);
    const { status, headers } = await complete(groq);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
  }
  vi.useRealTimers();
});
