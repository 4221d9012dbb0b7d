import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reaper } from '../../process/reaper.ts';

/**
 * Creates an empty folder for one service process (`${folder}`). It is kept across restarts and removed when it is
 * disposed of.
 */
export async function createServiceFolder(reaper: Reaper): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'proofload-service-'));
  reaper.rememberFolder(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      reaper.forgetFolder(path);
    },
  };
}
