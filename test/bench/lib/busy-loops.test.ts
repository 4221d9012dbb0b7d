import { expect, test } from 'vitest';
import { changeBusyLoops, startBusyLoops } from '../../../bench/lib/busy-loops.ts';
import { Reaper } from '../../../harness/process/reaper.ts';
import { isAlive } from '../../support/is-alive.ts';

test('busy loops run until they are disposed of', async () => {
  await using reaper = new Reaper();
  const loops = await startBusyLoops(2, reaper);
  expect(loops.pids.map(isAlive)).toEqual([true, true]);
  await loops[Symbol.asyncDispose]();
  expect(loops.pids.map(isAlive)).toEqual([false, false]);
});

test('a changing number of loops ends when it is disposed of, and is never above the most', async () => {
  const started: number[] = [];
  const ended: number[] = [];
  const loops = changeBusyLoops(
    2,
    () => 0.99,
    async (n) => {
      started.push(n);
      return { [Symbol.asyncDispose]: async () => void ended.push(n) };
    },
  );
  await loops[Symbol.asyncDispose]();
  expect([started, ended]).toEqual([[2], [2]]);
});
