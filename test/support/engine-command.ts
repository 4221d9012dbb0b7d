import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { product } from './product.ts';

/**
 * Writes a program that runs the product's engine, for tests that need k6 to be a single-word command. The path of this
 * folder may contain spaces.
 *
 * @param version The output of `version`. Defaults to the engine's own.
 * @returns The program's path.
 */
export async function writeEngineCommand(folder: string, version?: string): Promise<string> {
  const file = join(folder, 'k6');
  const first = version === undefined ? '' : `[ "$1" = version ] && echo "${version}" && exit\n`;
  const words = product.engine().command.map((word) => `"${word}"`);
  await writeFile(file, `#!/bin/sh\n${first}exec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return file;
}
