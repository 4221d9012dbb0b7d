import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Reaper } from '../../process/reaper.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';

/** Creates an empty folder for one service process (`${folder}`), which is kept across restarts. */
export const createServiceFolder = (reaper: Reaper) => temporaryFolder(reaper, join(tmpdir(), 'proofload-service-'));

/** Writes files to a service process's folder. `files` contains the content by name. */
export async function writeServiceFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
