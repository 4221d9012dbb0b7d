import { join } from 'node:path';
import { distribute } from '../../../harness/distributed/distribute.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Creates a folder with these files. It is deleted at the end of the test. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  return temporaryFolder(files);
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
