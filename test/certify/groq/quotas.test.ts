import { APIError, AuthenticationError, PermissionDeniedError, RateLimitError } from 'groq-sdk';
import { expect, test } from 'vitest';
import { errorOf } from '../support/error-of.ts';
import { requestsOf } from '../support/requests-of.ts';
import { setUp } from '../support/set-up.ts';
import { useFakes } from '../support/use-fakes.ts';
import { groqOf, QUESTION } from './client.ts';

const fakes = await useFakes();
const groq = groqOf(fakes, { maxRetries: 0 });

test('a request above the quota per minute is a RateLimitError with the time to wait', async () => {
  await setUp(fakes, 'groq', { quotas: { rpm: 1 } });
  await groq.chat.completions.create(QUESTION);
  const error = await errorOf(groq.chat.completions.create(QUESTION));
  expect(error).toBeInstanceOf(RateLimitError);
  expect(error.error.error).toMatchObject({ code: 'rate_limit_exceeded', message: expect.stringContaining('(RPM)') });
  expect(Number(error.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('all keys of an organization share a quota', async () => {
  await setUp(fakes, 'groq', { organisations: { org_a: { keys: ['gsk_1', 'gsk_2'], quotas: { rpm: 1 } } } });
  await groqOf(fakes, { apiKey: 'gsk_1' }).chat.completions.create(QUESTION);
  const sibling = groqOf(fakes, { apiKey: 'gsk_2', maxRetries: 0 });
  await expect(sibling.chat.completions.create(QUESTION)).rejects.toThrow(/organization `org_a`/);
  await expect(groq.chat.completions.create(QUESTION)).resolves.toHaveProperty('id');
});

test('the SDK waits as long as the quota requires, then succeeds', async () => {
  // 20 requests at once, and then one every 3 s.
  await setUp(fakes, 'groq', { quotas: { rpm: 20 } });
  const patient = groqOf(fakes);
  await Promise.all(Array.from({ length: 20 }, () => groq.chat.completions.create(QUESTION)));
  const requests = await requestsOf(fakes, () => patient.chat.completions.create(QUESTION));
  expect(requests.map(({ status }) => status)).toEqual([429, 200]);
});

test('a request that exceeds the tokens per minute is rejected with 413, without a retry', async () => {
  await setUp(fakes, 'groq', { quotas: { tpm: 10 } });
  const error = await errorOf(groqOf(fakes).chat.completions.create({ ...QUESTION, max_completion_tokens: 100 }));
  expect(error).toBeInstanceOf(APIError);
  expect(error.status).toBe(413);
  expect(error.error.error).toMatchObject({ code: 'rate_limit_exceeded' });
});

test('a flex tier without capacity is rejected with 498, without a retry', async () => {
  await setUp(fakes, 'groq', { flexCapacity: 0 });
  const requests = await requestsOf(fakes, async () => {
    const error = await errorOf(groqOf(fakes).chat.completions.create({ ...QUESTION, service_tier: 'flex' }));
    expect(error.error.error).toMatchObject({ code: 'capacity_exceeded' });
  });
  expect(requests).toMatchObject([{ status: 498 }]);
});

test('a revoked key is an AuthenticationError, and a forbidden one is a PermissionDeniedError', async () => {
  await setUp(fakes, 'groq', { revokedKeys: ['gsk_old'], forbiddenKeys: ['gsk_guest'] });
  const modelsOf = (apiKey: string) => groqOf(fakes, { apiKey }).models.list();
  await expect(modelsOf('gsk_old')).rejects.toThrow(AuthenticationError);
  await expect(modelsOf('gsk_guest')).rejects.toThrow(PermissionDeniedError);
});
