import { expect, test } from 'vitest';
import { epochClock } from '../../../engine/base/epoch-clock.ts';

/** A clock whose steady time starts at 0 and whose wall time the test sets. */
function clock() {
  const time = { wall: 1_000, steady: 0 };
  return { time, now: epochClock({ wall: () => Math.floor(time.wall), steady: () => time.steady }) };
}

test('adds fractions to the milliseconds of the system clock', () => {
  const { time, now } = clock();
  expect(now()).toBe(1_000);
  Object.assign(time, { wall: 1_002.5, steady: 2.5 });
  expect(now()).toBe(1_002.5);
});

test.each([
  ['faster', 1.0001],
  ['slower', 0.9999],
])('stays within a millisecond of a system clock that runs %s', (_, rate) => {
  const { time, now } = clock();
  let furthest = 0;
  for (let second = 0; second < 3_600; second += 1) {
    time.steady += 1_000;
    time.wall += 1_000 * rate;
    furthest = Math.max(furthest, Math.abs(now() - time.wall));
  }
  expect(furthest).toBeLessThanOrEqual(1);
});
