import { Child } from '../../harness/process/child.ts';
import type { Reaper } from '../../harness/process/reaper.ts';

/** Uses all of a processor. A loop ends by itself if its parent is gone. */
const LOOP = 'const parent = process.ppid; while (process.ppid === parent) for (let n = 0; n < 1e6; n += 1);';

/** Starts processes that use as much processor time as they get, until they are disposed of. */
export async function startBusyLoops(n: number, reaper: Reaper): Promise<{ pids: number[] } & AsyncDisposable> {
  const command = [process.execPath, '-e', LOOP];
  const loops = await Promise.all(Array.from({ length: n }, () => Child.start({ command, reaper })));
  return {
    pids: loops.map(({ pid }) => pid),
    async [Symbol.asyncDispose]() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
