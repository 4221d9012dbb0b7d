import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../../harness/process/child.ts';
import type { Reaper } from '../../harness/process/reaper.ts';

/** Uses all of a processor. A loop ends by itself if its parent is gone. */
const LOOP = 'const parent = process.ppid; while (process.ppid === parent) for (let n = 0; n < 1e6; n += 1);';

/** How long the number of loops stays the same, in milliseconds. */
const [SHORTEST, LONGEST] = [3_000, 15_000];

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

/**
 * Runs a random number of busy loops, from 0 to `most`, which changes every 3 to 15 seconds, until it is disposed of.
 *
 * @param random Returns a number from 0 to 1, without 1.
 * @param start Starts the given number of loops, such as `startBusyLoops`.
 */
export function changeBusyLoops(
  most: number,
  random: () => number,
  start: (n: number) => Promise<AsyncDisposable>,
): AsyncDisposable {
  const over = new AbortController();
  const changing = (async () => {
    while (!over.signal.aborted) {
      await using _ = await start(Math.floor(random() * (most + 1)));
      const ms = SHORTEST + random() * (LONGEST - SHORTEST);
      await sleep(ms, undefined, { signal: over.signal }).catch(() => {});
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await changing;
    },
  };
}
