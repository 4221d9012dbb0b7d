import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../engine/main.ts', import.meta.url));

/**
 * Writes a program that runs the embedded engine, for tests that need k6 to be a single-word command. The path of this
 * folder may contain spaces.
 *
 * @param version The output of `version`. Defaults to the engine's own.
 * @returns The program's path.
 */
export async function writeEngineCommand(folder: string, version?: string): Promise<string> {
  const file = join(folder, 'k6');
  const first = version === undefined ? '' : `[ "$1" = version ] && echo "${version}" && exit\n`;
  await writeFile(file, `#!/bin/sh\n${first}exec "${process.execPath}" "${MAIN}" "$@"\n`, { mode: 0o755 });
  return file;
}
