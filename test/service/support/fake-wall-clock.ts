import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1').filter((file) => existsSync(file));

/** Why this machine can't fake another process's wall clock, or undefined if it can. */
export const noFaketime: string | undefined = library
  ? undefined
  : 'libfaketime is not installed (apt-get install faketime)';

if (noFaketime) console.warn(`tests that set a wall clock are skipped: ${noFaketime}`);

/**
 * Creates a wall clock for other processes that can be set while they are running. It does not affect their monotonic
 * clock.
 */
export async function fakeWallClock() {
  const began = Date.now();
  const directory = await mkdtemp(join(tmpdir(), 'proofload-clock-'));
  const file = join(directory, 'offset');
  const set = async (hours: number) => {
    await writeFile(`${file}.new`, `${hours >= 0 ? '+' : '-'}${Math.abs(hours)}h\n`);
    await rename(`${file}.new`, file);
  };
  await set(0);
  return {
    /** Environment variables for a process that uses this clock. */
    settings: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    /** Sets the offset from the real time, in hours. */
    set,
    async [Symbol.asyncDispose]() {
      await rm(directory, { recursive: true, force: true });
      await removeLeftovers(began);
    },
  };
}

/** Removes the shared memory of processes that were killed since a time. The library only does so when they exit. */
async function removeLeftovers(since: number): Promise<void> {
  for (const file of globSync('/dev/shm/{sem.,}faketime_{sem,shm}_*')) {
    const { birthtimeMs } = await stat(file);
    const isAlive = existsSync(`/proc/${file.split('_').at(-1)}`);
    if (birthtimeMs >= since && !isAlive) await rm(file);
  }
}
