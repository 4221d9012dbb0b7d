import { expect, test, vi } from 'vitest';
import { Reconnection } from '../../../service/storage/reconnection.ts';

/** A way to the server by a clock of the test's own, with no jitter. */
function reconnection() {
  const clock = { time: 1_000_000, now: () => clock.time };
  const way = new Reconnection(clock, () => 0);
  const fail = () => way.attempt(() => Promise.reject(new Error('refused'))).catch(() => {});
  return { clock, way, fail };
}

test('waits longer after each failure in a row, up to two seconds', async () => {
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

test('a success opens the way, and the next failure counts from the beginning', async () => {
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

test('after a failure, one tries for all', async () => {
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

test('of attempts that fail together, one counts', async () => {
  const { way, fail } = reconnection();
  const failures = Array.from({ length: 10 }, fail);
  await Promise.all(failures);
  expect(way.waitMs).toBe(100);
});

test('at first, all may try at once', () => {
  const { way } = reconnection();
  const connect = vi.fn(() => new Promise(() => {}));
  for (let n = 0; n < 5; n += 1) void way.attempt(connect);
  expect(way.waitMs).toBe(0);
  expect(connect).toHaveBeenCalledTimes(5);
});
