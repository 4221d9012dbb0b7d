import { request } from 'undici';
import { expect, test } from 'vitest';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { HANG_MS } from '../../support/limits.ts';
import { REAL_TIME } from '../../support/real-time.ts';

const FAILED = { kind: 'status', status: 503 };

test("a fault for one key doesn't affect others", async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { ...FAILED, apiKey: 'gsk_bad' });
  expect((await lab.complete({ authorization: 'Bearer gsk_bad' })).status).toBe(503);
  expect((await lab.complete({ authorization: 'Bearer gsk_good' })).status).toBe(200);
  expect(await lab.firstFault('groq')).toMatchObject({ seen: 2, excluded: 1, disrupted: 1 });
});

test("a fault for some bodies doesn't affect others", async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { ...FAILED, body: { path: 'messages.*.content', contains: 'poison' } });
  const say = async (content: string) =>
    (await lab.complete({ body: { model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content }] } })).status;
  expect([await say('poison pill'), await say('tea')]).toEqual([503, 200]);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:status'] }, { faults: [] }]);
});

test('a fault waits for its time, acts, and is spent', REAL_TIME, async () => {
  await using lab = await startFakeLab();
  await lab.complete();
  await lab.inject('groq', { ...FAILED, afterMilliseconds: 300, forMilliseconds: 1_000 });
  expect((await lab.complete()).status).toBe(200);
  expect(await lab.firstFault('groq')).toMatchObject({ state: 'waiting', seen: 0 });
  await until(async () => (await lab.complete()).status === 503);
  await until(async () => (await lab.complete()).status === 200);
  expect(await lab.firstFault('groq')).toMatchObject({ state: 'spent', excluded: 0 });
});

test('held requests are released when its time is up', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'latency', milliseconds: 600_000, forMilliseconds: 100 });
  const started = performance.now();
  expect((await lab.complete()).status).toBe(200);
  expect(performance.now() - started).toBeLessThan(HANG_MS);
});

test("a fault without a route doesn't affect a ping", async () => {
  await using lab = await startFakeLab();
  await lab.inject('mem0', FAILED);
  expect((await lab.ask('mem0', 'GET', '/v1/ping/')).status).toBe(200);
  expect(await lab.firstFault('mem0')).toMatchObject({ seen: 1, excluded: 1, disrupted: 0 });
});

test('a key in x-api-key selects requests like one in Authorization', async () => {
  await using lab = await startFakeLab();
  await lab.inject('anthropic', { ...FAILED, apiKey: 'sk-bad' });
  const statusOf = async (headers: Record<string, string>) => {
    const url = `${lab.fakes.upstreams.anthropic}/v1/models`;
    const { statusCode, body } = await request(url, {
      headers: { 'anthropic-version': '2026-10-21', ...headers },
      dispatcher: lab.agent,
    });
    await body.dump();
    return statusCode;
  };
  expect(await statusOf({ 'x-api-key': 'sk-bad' })).toBe(FAILED.status);
  expect(await statusOf({ authorization: 'Bearer sk-bad' })).toBe(FAILED.status);
  expect(await statusOf({ 'x-api-key': 'sk-good' })).toBe(200);
});
