import { hash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

/** The folders with the code that decides how a script is compiled, also if this is a bundle. */
const FOLDERS = ['compile', 'blocking'].map(
  (name) => new URL(`engine/${name}/`, import.meta.resolve('proofload/package.json')),
);

/**
 * Identifies the code that compiles scripts, by the version of the package, its packages, and the sizes and times of
 * its files. Compiled scripts are kept (`keepText`), and must not outlive a change of this code.
 */
export const COMPILER_ID = idOf();

function idOf(): string {
  const { version, dependencies } = manifest;
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder).map((name) => {
      const { size, mtimeMs } = statSync(fileURLToPath(new URL(name, folder)));
      return [name, size, mtimeMs];
    }),
  );
  return hash('sha256', JSON.stringify([version, dependencies.acorn, dependencies.esrap, files])).slice(0, 16);
}
