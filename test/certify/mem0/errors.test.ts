import {
  AuthenticationError,
  MemoryError,
  MemoryNotFoundError,
  MemoryQuotaExceededError,
  NetworkError,
  RateLimitError,
  ValidationError,
} from 'mem0ai';
import { expect, test } from 'vitest';
import { requestsOf } from '../support/requests-of.ts';
import { setUp } from '../support/set-up.ts';
import { useFakes } from '../support/use-fakes.ts';
import { mem0Of, someUser } from './client.ts';

const fakes = await useFakes();
const mem0 = mem0Of(fakes);
const search = () => mem0.search('tea', { filters: { user_id: someUser() } });

test.each([
  [400, ValidationError],
  [401, AuthenticationError],
  [403, AuthenticationError],
  [404, MemoryNotFoundError],
  [409, ValidationError],
  [413, MemoryQuotaExceededError],
  [422, ValidationError],
  [429, RateLimitError],
  [500, MemoryError],
  [502, NetworkError],
  [503, NetworkError],
])('%d has its own error class with the body, and is not retried', async (status, errorClass) => {
  await fakes.addFault('mem0', { kind: 'status', status });
  const requests = await requestsOf(fakes, async () => {
    const error = await search().catch((reason) => reason);
    expect(error.constructor).toBe(errorClass);
    expect(error.errorCode).toBe(`HTTP_${status}`);
    expect(JSON.parse(error.message)).toBeTypeOf('object');
  });
  expect(requests).toMatchObject([{ status }]);
});

test('a search without a filter is a ValidationError with the reason', async () => {
  const error = await mem0.search('tea', {}).catch((reason) => reason);
  expect(error).toBeInstanceOf(ValidationError);
  expect(JSON.parse(error.message)).toMatchObject({
    error: '400 Bad Request',
    details: { message: expect.stringMatching(/filter/) },
  });
});

test('a top-level entity ID is a ValidationError', async () => {
  const headers = { authorization: 'Token m0-certify', 'content-type': 'application/json' };
  const body = JSON.stringify({ query: 'tea', user_id: 'u' });
  // The SDK would reject the call without sending anything, so the request is made directly.
  await expect(mem0.search('tea', { user_id: 'u' } as object)).rejects.toThrow('not supported in search()');
  const response = await fetch(`${fakes.upstreams.mem0}/v3/memories/search/`, { method: 'POST', headers, body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: '400 Bad Request', details: { message: expect.any(String) } });
});

test('a memory without an entity is a ValidationError', async () => {
  await expect(mem0.add([{ role: 'user', content: 'I like tea' }], {})).rejects.toThrow(ValidationError);
});

test('an unknown memory is a MemoryNotFoundError', async () => {
  const id = '00000000-0000-4000-8000-000000000000';
  await expect(mem0.get(id)).rejects.toThrow(MemoryNotFoundError);
  await expect(mem0.update(id, { text: 'x' })).rejects.toThrow(MemoryNotFoundError);
  await expect(mem0.delete(id)).rejects.toThrow(MemoryNotFoundError);
  await expect(mem0.history(id)).rejects.toThrow(MemoryNotFoundError);
});

test('a revoked key is an AuthenticationError', async () => {
  await setUp(fakes, 'mem0', { revokedKeys: ['m0-certify'] });
  await expect(search()).rejects.toThrow(AuthenticationError);
});

test('a rejected key is an AuthenticationError, even for a ping', async () => {
  // A fault only acts on health routes if it names them.
  await fakes.addFault('mem0', { kind: 'status', status: 401, route: 'GET /v1/ping/' });
  await expect(mem0.ping()).rejects.toThrow(AuthenticationError);
});

test.each(['malformed-json', 'partial-json'])('%s is a SyntaxError', async (kind) => {
  await fakes.addFault('mem0', { kind, next: 1 });
  await expect(search()).rejects.toThrow(SyntaxError);
});

test("a proxy's HTML page is a NetworkError with the page in its message", async () => {
  await fakes.addFault('mem0', { kind: 'html-page', status: 502, next: 1 });
  const error = await search().catch((reason) => reason);
  expect(error).toBeInstanceOf(NetworkError);
  expect(error.message).toContain('<html>');
});

test('a connection reset is a TypeError of fetch and is not retried', async () => {
  await fakes.addFault('mem0', { kind: 'reset' });
  const requests = await requestsOf(fakes, () => expect(search()).rejects.toThrow(TypeError));
  expect(requests).toMatchObject([{ outcome: 'reset' }]);
});

test('a call without a response waits forever', async () => {
  await fakes.addFault('mem0', { kind: 'hang', next: 1 });
  const call = search().then(
    () => 'answered',
    () => 'failed',
  );
  const pause = new Promise((resolve) => setTimeout(resolve, 1_000, 'waits'));
  expect(await Promise.race([call, pause])).toBe('waits');
  await fakes.heal('mem0');
  expect(await call).toBe('failed');
});
