import { mkdtemp, rm } from 'node:fs/promises';
import type { Reaper } from './reaper.ts';

/**
 * Creates an empty folder that only this user can access. It is removed when it is disposed of, or when the harness is
 * killed.
 *
 * @param prefix The beginning of its path, which random characters follow.
 */
export async function temporaryFolder(reaper: Reaper, prefix: string): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(prefix);
  reaper.rememberFolder(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      reaper.forgetFolder(path);
    },
  };
}
