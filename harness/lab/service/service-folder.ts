import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

/** Writes files to a service process's folder. `files` contains the content by name. */
export async function writeServiceFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
