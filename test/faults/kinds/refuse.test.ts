import { expect, test } from 'vitest';
import { codeOf, startFakeLab, until } from '../../mocks/fake-lab.ts';

test('connections are refused until it is healed, and then accepted again on the same port', async () => {
  await using lab = await startFakeLab();
  expect((await lab.complete()).status).toBe(200);
  await lab.inject('groq', { kind: 'refuse' });
  expect(await codeOf(lab.complete())).toBe('ECONNREFUSED');
  expect((await lab.ask('mem0', 'GET', '/v1/ping/')).status).toBe(200);
  await lab.control('DELETE', '/upstreams/groq/faults');
  expect((await lab.complete()).status).toBe(200);
  expect(await lab.receipts()).toMatchObject([
    { kind: 'request', outcome: 'answered' },
    { kind: 'refusing', at: expect.any(Number), endedAt: expect.any(Number) },
    { kind: 'request', outcome: 'answered' },
  ]);
});

test('it ends by itself when its time is up', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'refuse', forMilliseconds: 150 });
  expect(await codeOf(lab.complete())).toBe('ECONNREFUSED');
  await until(async () => (await lab.complete().catch(() => undefined))?.status === 200);
  const [refusing] = (await lab.receipts()) as unknown as { at: number; endedAt: number }[];
  expect((refusing?.endedAt ?? 0) - (refusing?.at ?? 0)).toBeGreaterThanOrEqual(149);
  expect(await lab.firstFault('groq')).toMatchObject({ state: 'spent' });
});

test('a request in flight gets its response, and then its connection is closed', async () => {
  await using lab = await startFakeLab();
  const slow = await lab.inject('groq', { kind: 'latency', milliseconds: 600_000 });
  const underWay = lab.complete();
  await until(async () => (await lab.firstFault('groq')).disrupted === 1);
  await lab.inject('groq', { kind: 'refuse' });
  await lab.control('DELETE', `/upstreams/groq/faults/${slow}`);
  expect(await underWay).toMatchObject({ status: 200, headers: { connection: 'close' } });
  expect(await codeOf(lab.complete())).toBe('ECONNREFUSED');
});

test('the fakes can be stopped while they refuse connections', async () => {
  // Don't use the container, which is shared by all tests in a file.
  const lab = await startFakeLab({});
  await lab.inject('groq', { kind: 'refuse' });
  await lab[Symbol.asyncDispose]();
  await expect(fetch(lab.fakes.control)).rejects.toThrow();
});

test('it flaps', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'refuse', flapping: { onMilliseconds: 60, offMilliseconds: 60 } });
  const tried = async () => (await lab.complete().catch(({ code }) => ({ status: code }))).status;
  for (const wanted of ['ECONNREFUSED', 200, 'ECONNREFUSED', 200]) await until(async () => (await tried()) === wanted);
});
