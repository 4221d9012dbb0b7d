import { expect, test } from 'vitest';
import { sideBySide } from '../../../harness/base/side-by-side.ts';

/** Returns an action that only ends on command, and the items that are in progress. */
function controlled() {
  const underWay = new Map<string, PromiseWithResolvers<void>>();
  const begun: [string, number, number][] = [];
  const act = (item: string, index: number, lane: number) => {
    begun.push([item, index, lane]);
    const end = Promise.withResolvers<void>();
    underWay.set(item, end);
    return end.promise.finally(() => underWay.delete(item));
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { act, begun, underWay, settle };
}

test('starts items in order, one per lane at a time, in whichever lane becomes free', async () => {
  const { act, begun, underWay, settle } = controlled();
  const all = sideBySide(['a', 'b', 'c', 'd'], 2, act);
  await settle();
  expect(begun).toEqual([
    ['a', 0, 0],
    ['b', 1, 1],
  ]);
  underWay.get('b')?.resolve();
  await settle();
  underWay.get('c')?.resolve();
  await settle();
  expect(begun.slice(2)).toEqual([
    ['c', 2, 1],
    ['d', 3, 1],
  ]);
  for (const task of underWay.values()) task.resolve();
  await all;
  expect(underWay.size).toBe(0);
});

test('after a failure, starts no further items, and fails once those in progress have ended', async () => {
  const { act, begun, underWay, settle } = controlled();
  let outcome = 'pending';
  const all = sideBySide(['a', 'b', 'c'], 2, act).catch((error) => {
    outcome = error.message;
  });
  await settle();
  underWay.get('a')?.reject(new Error('a broke'));
  await settle();
  expect(outcome).toBe('pending');
  underWay.get('b')?.reject(new Error('b broke'));
  await all;
  expect(outcome).toBe('a broke');
  expect(begun).toHaveLength(2);
});
