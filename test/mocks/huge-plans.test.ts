import { expect, test } from 'vitest';
import { startFakeLab } from './fake-lab.ts';

test('the time for a plan grows with the number of its faults, not with its square', async () => {
  const msFor = async (faults: number): Promise<number> => {
    await using lab = await startFakeLab();
    const fault = { upstream: 'groq', kind: 'status', status: 503, route: 'GET /never' };
    const began = performance.now();
    const replayed = await lab.control('POST', '/plan/replay', Array(faults).fill(fault));
    expect(replayed).toMatchObject({ status: 202, body: { calls: faults, done: faults, problems: [] } });
    expect((await lab.complete()).status).toBe(200);
    return performance.now() - began;
  };
  const few = await msFor(500);
  // Eight times as many would take 64 times as long.
  expect((await msFor(4_000)) / few).toBeLessThan(32);
});

test('of a plan with many problems, the first ones are listed and the others counted', async () => {
  await using lab = await startFakeLab();
  const { status, body } = await lab.control('POST', '/plan/replay', Array(120).fill({ upstream: 'groq', kind: 'x' }));
  expect([status, body.error.code]).toEqual([400, 'invalid-plan']);
  expect(body.error.message.split('\n')).toHaveLength(51);
  expect(body.error.message).toMatch(/\nand 70 more$/);
});

test('a call beyond the range of a timer is rejected rather than made immediately', async () => {
  await using lab = await startFakeLab();
  const calls = [{ atMilliseconds: 1e300, method: 'DELETE', path: '/faults' }];
  const { status, body } = await lab.control('POST', '/plan/replay', { calls });
  expect(status).toBe(400);
  expect(body.error.message).toContain(
    '"atMilliseconds" of call is 1e+300; allowed: a number of milliseconds from 0 to',
  );
});
