import { expect, test } from 'vitest';
import { startBusyLoops } from '../../../bench/soak-verdicts/busy-loops.ts';
import { Reaper } from '../../../harness/process/reaper.ts';
import { isAlive } from '../../support/is-alive.ts';

test('busy loops run until they are disposed of', async () => {
  await using reaper = new Reaper();
  const loops = await startBusyLoops(2, reaper);
  expect(loops.pids.map(isAlive)).toEqual([true, true]);
  await loops[Symbol.asyncDispose]();
  expect(loops.pids.map(isAlive)).toEqual([false, false]);
});
