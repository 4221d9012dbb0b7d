import { expect, test } from 'vitest';
import { secondsUntilDone } from '../../../harness/base/lanes.ts';

const task = (seconds: number, alone = false) => ({ seconds, alone });

test('tasks start in order as soon as a lane is free, and those that run alone come after them', () => {
  const all = [task(10), task(3), task(4), task(20, true), task(1)];
  expect(secondsUntilDone(all, 1)).toBe(38);
  expect(secondsUntilDone(all, 2)).toBe(30);
  expect(secondsUntilDone([task(20, true)], 1)).toBe(20);
});

test('without tasks, there is nothing left to do', () => {
  expect(secondsUntilDone([], 0)).toBe(0);
});
