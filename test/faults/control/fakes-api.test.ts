import { request } from 'undici';
import { expect, test } from 'vitest';
import { bearer } from '../../../faults/control/guard.ts';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test('returns a fault as it was defined, with its ID, state and counts', async () => {
  await using lab = await startFakeLab();
  const fault = { kind: 'status', status: 500, next: 1 };
  const { status, body } = await lab.control('POST', '/upstreams/groq/faults', fault);
  expect(status).toBe(201);
  expect(body).toEqual({ id: 'f1', ...fault, state: 'active', seen: 0, excluded: 0, disrupted: 0 });
  await lab.complete();
  await lab.complete();
  const { body: listed } = await lab.control('GET', '/upstreams/groq/faults');
  expect(listed).toEqual({ faults: [{ id: 'f1', ...fault, state: 'spent', seen: 1, excluded: 0, disrupted: 1 }] });
});

test('IDs are unique across upstreams, and a fault belongs to one upstream', async () => {
  await using lab = await startFakeLab();
  expect(await lab.inject('groq', { kind: 'hang' })).toBe('f1');
  expect(await lab.inject('mem0', { kind: 'status', status: 500, route: 'GET /v1/ping/' })).toBe('f2');
  expect((await lab.ask('mem0', 'GET', '/v1/ping/')).status).toBe(500);
  await lab.control('DELETE', '/upstreams/groq/faults');
  expect((await lab.complete()).status).toBe(200);
  expect((await lab.ask('mem0', 'GET', '/v1/ping/')).status).toBe(500);
});

test('heals one fault, those of an upstream, or all', async () => {
  await using lab = await startFakeLab();
  const fault = { kind: 'status', status: 500 };
  for (const upstream of ['groq', 'groq', 'groq', 'mem0'] as const) await lab.inject(upstream, fault);
  const ids = async (method: string, path: string) => {
    const { body } = await lab.control(method, path);
    return (body.healed ?? body.faults).map(({ id }: { id: string }) => id);
  };
  expect(await ids('DELETE', '/upstreams/groq/faults/f2')).toEqual(['f2']);
  expect(await ids('GET', '/upstreams/groq/faults')).toEqual(['f1', 'f3']);
  expect(await ids('DELETE', '/upstreams/groq/faults')).toEqual(['f1', 'f3']);
  expect(await ids('DELETE', '/faults')).toEqual(['f4']);
  expect((await lab.ask('mem0', 'GET', '/v1/ping/')).status).toBe(200);
});

test.each([
  ['POST', '/upstreams/nobody/faults', { kind: 'hang' }, 404, 'unknown-upstream', 'groq, mem0'],
  ['POST', '/upstreams/groq/faults', { kind: 'explode' }, 400, 'unknown-fault-kind', 'unknown fault kind "explode"'],
  ['POST', '/upstreams/groq/faults', { kind: 'cut', kilobytes: 1 }, 400, 'unknown-field', 'kind, bytes'],
  ['DELETE', '/upstreams/groq/faults/f9', undefined, 404, 'unknown-fault', 'allowed: f1'],
  ['PUT', '/upstreams/groq/certificate', { kind: 'golden' }, 400, 'invalid-field', 'trusted, self-signed, unknown-ca'],
  ['PUT', '/upstreams/groq/certificate', { kind: 'expired', days: 1 }, 400, 'unknown-field', 'allowed: kind'],
  ['PUT', '/upstreams/groq/certificate', undefined, 400, 'invalid-field', '"kind" of certificate is missing'],
  ['PUT', '/upstreams/groq/certificate', ['expired'], 400, 'invalid-field', 'allowed: a JSON object'],
  ['GET', '/receipts?upstream=nobody', undefined, 400, 'invalid-field', 'groq, mem0'],
  ['GET', '/receipts?after=-1', undefined, 400, 'invalid-field', 'a whole number, 0 or more'],
  ['GET', '/receipts?since=1', undefined, 400, 'unknown-field', 'upstream, after'],
  ['GET', '/receipts/count?after=1', undefined, 400, 'unknown-field', 'upstream'],
  ['GET', '/fault', undefined, 404, 'unknown-route', 'DELETE /faults'],
])('rejects %s %s %j', async (method, path, body, status, code, allowed) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'hang' });
  const refusal = await lab.control(method, path, body);
  expect(refusal).toMatchObject({ status, body: { error: { code, message: expect.stringContaining(allowed) } } });
});

test('rejects a body that is not JSON', async () => {
  await using lab = await startFakeLab();
  const response = await lab.open('/upstreams/groq/faults', { method: 'POST', body: '{"kind":' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'invalid-json' } });
});

test.each(['evil.example', '127.0.0.1.evil.example', ''])('rejects the host "%s"', async (host) => {
  await using lab = await startFakeLab();
  const headers = { host, ...bearer(lab.fakes.token) };
  const { statusCode, body } = await request(`${lab.fakes.control}/receipts`, { headers });
  expect(statusCode).toBe(403);
  expect(await body.json()).toMatchObject({ error: { code: 'foreign-host' } });
});

test.each([
  ['GET', '/', ''],
  ['GET', '/ca.pem', 'Bearer '],
  ['GET', '/receipts', 'Bearer x'],
  ['GET', '/nowhere', 'Basic TOKEN'],
  ['POST', '/upstreams/groq/faults', 'TOKEN'],
  ['DELETE', '/faults', 'Bearer TOKENx'],
])('rejects %s %s with the authorization "%s", and does nothing', async (method, path, given) => {
  await using lab = await startFakeLab();
  const { control, token } = lab.fakes;
  await lab.inject('groq', { kind: 'status', status: 500 });
  const answer = await fetch(`${control}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: given.replace('TOKEN', token) },
    ...(method === 'POST' && { body: '{"kind":"hang"}' }),
  });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ error: { code: 'wrong-token' } });
  expect((await lab.control('GET', '/upstreams/groq/faults')).body.faults).toHaveLength(1);
});

test.each(['http://evil.example', 'null', 'http://localhost'])('rejects the origin "%s"', async (origin) => {
  await using lab = await startFakeLab();
  const answer = await lab.open('/receipts', { headers: { origin } });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ error: { code: 'foreign-origin' } });
});

test('the token is different each time', async () => {
  await using lab = await startFakeLab();
  await using other = await startFakeLab();
  expect(lab.fakes.token).toMatch(/^[\w-]{32}$/);
  expect(other.fakes.token).not.toBe(lab.fakes.token);
});

test('lists its routes, one per line', async () => {
  await using lab = await startFakeLab();
  const lines = (await (await lab.open('/')).text()).trim().split('\n');
  expect(lines).toHaveLength(15);
  expect(lines).toContainEqual(expect.stringMatching(/^POST \/upstreams\/:upstream\/faults /));
});

test('returns the receipts after a number, the number of dropped ones, and totals', async () => {
  await using lab = await startFakeLab({ receiptCapacity: 2 });
  for (let i = 0; i < 3; i++) await lab.complete();
  await lab.receipts();
  const { body } = await lab.control('GET', '/receipts?after=2');
  expect(body).toMatchObject({ receipts: [{ seq: 3 }], last: 3, dropped: 1 });
  const { body: count } = await lab.control('GET', '/receipts/count');
  expect(count).toEqual({ requests: 3, connections: 0, handshakesFailed: 0, closedUnused: 0, open: 0, last: 3 });
});
