import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1').filter((file) => existsSync(file));

/** Why no process's wall clock can be set on this machine; undefined where it can. */
export const noFaketime: string | undefined = library
  ? undefined
  : 'libfaketime is not installed (apt-get install faketime)';

if (noFaketime) console.warn(`tests that set a wall clock are skipped: ${noFaketime}`);

/** A wall clock of other processes, which can be set while they run. Their monotonic clock goes on. */
export async function fakeWallClock() {
  const directory = await mkdtemp(join(tmpdir(), 'proofload-clock-'));
  const file = join(directory, 'offset');
  const set = async (hours: number) => {
    await writeFile(`${file}.new`, `${hours >= 0 ? '+' : '-'}${Math.abs(hours)}h\n`);
    await rename(`${file}.new`, file);
  };
  await set(0);
  return {
    /** What a process needs in its environment. */
    settings: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    /** Sets it to so many hours beside the true time. */
    set,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
