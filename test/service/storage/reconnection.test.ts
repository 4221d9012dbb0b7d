import { expect, test, vi } from 'vitest';
import { Reconnection } from '../../../service/storage/reconnection.ts';

/** Creates a reconnection with a fake clock and no jitter. */
function reconnection() {
  const clock = { time: 1_000_000, now: () => clock.time };
  const way = new Reconnection(clock, () => 0);
  const fail = () => way.attempt(() => Promise.reject(new Error('refused'))).catch(() => {});
  return { clock, way, fail };
}

test('doubles the wait after consecutive failures, up to two seconds', async () => {
  const { clock, way, fail } = reconnection();
  expect(way.waitMs).toBe(0);
  const waits: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    await fail();
    waits.push(way.waitMs);
    clock.time += way.waitMs;
  }
  expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
});

test('a success resets the backoff', async () => {
  const { clock, way, fail } = reconnection();
  await fail();
  clock.time += 100;
  await fail();
  clock.time += 200;
  expect(await way.attempt(async () => 'connected')).toBe('connected');
  expect(way.waitMs).toBe(0);
  await fail();
  expect(way.waitMs).toBe(100);
});

test('after a failure, only one attempt runs at a time', async () => {
  const { clock, way, fail } = reconnection();
  await fail();
  clock.time += 100;
  const answer = Promise.withResolvers<string>();
  const attempt = way.attempt(() => answer.promise);
  expect(way.waitMs).toBe(2000);
  answer.resolve('connected');
  await attempt;
  expect(way.waitMs).toBe(0);
});

test('concurrent failures count once', async () => {
  const { way, fail } = reconnection();
  const failures = Array.from({ length: 10 }, fail);
  await Promise.all(failures);
  expect(way.waitMs).toBe(100);
});

test('allows concurrent attempts before the first failure', () => {
  const { way } = reconnection();
  const connect = vi.fn(() => new Promise(() => {}));
  for (let n = 0; n < 5; n += 1) void way.attempt(connect);
  expect(way.waitMs).toBe(0);
  expect(connect).toHaveBeenCalledTimes(5);
});
