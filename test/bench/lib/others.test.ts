import { expect, test } from 'vitest';
import { watchOthers } from '../../../bench/lib/others.ts';

const looks = (...seen: ({ own: number; all: number; total: number } | undefined)[]) => watchOthers(() => seen.shift());

test('tells that the machine was busy if other programs used more than a tenth of its processors', () => {
  const before = { own: 500, all: 700, total: 1_000 };
  expect(looks(before, { own: 1_300, all: 1_900, total: 3_000 })()).toMatch(/other programs used 20 % of the proc/);
  expect(looks(before, { own: 2_300, all: 2_700, total: 3_000 })()).toBeUndefined();
});

test('tells nothing if the system reports no times, or if no time passed', () => {
  const some = { own: 1, all: 1, total: 1 };
  expect(looks(undefined, some)()).toBeUndefined();
  expect(looks(some, undefined)()).toBeUndefined();
  expect(looks(some, some)()).toBeUndefined();
});
