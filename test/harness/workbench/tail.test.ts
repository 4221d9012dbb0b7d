import { expect, test } from 'vitest';
import { Tail } from '../../../harness/workbench/tail.ts';

test('returns the kept lines since a position', () => {
  const tail = new Tail<number>(3);
  expect([tail.last, tail.between(0)]).toEqual([0, []]);
  for (const n of [1, 2, 3, 4, 5]) tail.add(n);
  expect(tail.last).toBe(5);
  expect(tail.between(4)).toEqual([5]);
  expect(tail.between(0)).toEqual([3, 4, 5]);
  expect(tail.between(0, 4)).toEqual([3, 4]);
  expect(tail.between(0, 1)).toEqual([]);
  expect(tail.between(5)).toEqual([]);
  for (let n = 6; n <= 100; n += 1) tail.add(n);
  expect(tail.between(0)).toEqual([98, 99, 100]);
});
