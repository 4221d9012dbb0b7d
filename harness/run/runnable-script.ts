import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnScript, type Script } from '../contract/scenario-scripts.ts';
import { bundleScript } from '../distributed/bundle-script.ts';
import type { Engine } from '../engine/engine.ts';

/**
 * Returns the path of a script that an engine can run. A team's own script imports this package by its name. k6 knows
 * no packages, so such a script is bundled for it.
 *
 * @param folder The folder for the bundle and the files that it opens.
 * @throws ProofloadError NOT_DISTRIBUTABLE if it can't be bundled
 */
export async function runnableScript(
  { name }: Pick<Engine, 'name'>,
  script: Pick<Script, 'name' | 'path'>,
  folder: string,
): Promise<string> {
  if (name === 'embedded' || !isOwnScript(script)) return script.path;
  const { code, files } = await bundleScript(script.path);
  for (const [file, content] of files) await writeFile(join(folder, file), content);
  const path = join(folder, 'script.js');
  await writeFile(path, code);
  return path;
}
