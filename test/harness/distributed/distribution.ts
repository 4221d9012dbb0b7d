import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { distribute } from '../../../harness/distributed/distribute.ts';

/** Creates a folder with these files. It is deleted at the end of the test. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'distributed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** Distributes a script in a folder, by default `test.ts`. Returns the folder with the results. */
export async function distributed(
  folder: string,
  given: { instances?: number; env?: Record<string, string>; image?: string; script?: string } = {},
): Promise<string> {
  const out = join(folder, 'distributed');
  const { instances = 2, env = {}, image, script = 'test.ts' } = given;
  await distribute({ script: join(folder, script), instances, env, image, folder: out });
  return out;
}
