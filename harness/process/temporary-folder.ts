import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import type { Reaper } from './reaper.ts';

/**
 * Creates an empty folder that only this user can access. It is removed when it is disposed of, or when the harness is
 * killed.
 *
 * @param prefix The beginning of its path, which random characters follow.
 */
export async function temporaryFolder(reaper: Reaper, prefix: string): Promise<{ path: string } & AsyncDisposable> {
  const path = prefix + randomUUID().slice(0, 8);
  // Before it exists: the harness may be killed while it is created.
  reaper.rememberFolder(path);
  await mkdir(path, { mode: 0o700 });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      reaper.forgetFolder(path);
    },
  };
}
