import { expect, test } from 'vitest';
import { secondsUntilDone } from '../../../harness/base/lanes.ts';

const task = (seconds: number, atOnce = Number.POSITIVE_INFINITY) => ({ seconds, atOnce });

test('tasks start in order as soon as a lane is free, and those that limit their number come after them', () => {
  const all = [task(10), task(3), task(4), task(20, 1), task(1)];
  expect(secondsUntilDone(all, 1)).toBe(38);
  expect(secondsUntilDone(all, 2)).toBe(30);
  expect(secondsUntilDone([task(20, 1)], 1)).toBe(20);
  const pairs = [task(5), task(7, 2), task(6, 2), task(4, 2)];
  expect([1, 2, 3].map((width) => secondsUntilDone(pairs, width))).toEqual([22, 15, 15]);
});

test('without tasks, there is nothing left to do', () => {
  expect(secondsUntilDone([], 0)).toBe(0);
});

test('tasks that wait take at most as long as one after another, and overlapping ones as long as the longest', () => {
  const tasks = [task(10), task(10), task(5, 1)];
  expect([0.1, 1, 1.5, 9].map((stretch) => secondsUntilDone(tasks, 2, stretch))).toEqual([15, 15, 20, 25]);
});
