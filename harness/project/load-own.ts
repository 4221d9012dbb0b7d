import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { importModule } from '../../faults/base/import-module.ts';
import { openFile } from '../../faults/base/read-text.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { addScript } from '../contract/scenario-scripts.ts';

/**
 * How each kind of definition is added, by its folder. What that needs is loaded only for teams that have some.
 * Checks may rest on checks in earlier files.
 */
const FOLDERS: Readonly<Record<string, (file: string) => Promise<void>>> = {
  faults: async (file) => (await import('../../faults/own/fault-files.ts')).addFaultFile(file),
  async checks(file) {
    const [{ addChecker }, { parseCheck }] = await Promise.all([
      import('../checkers/index.ts'),
      import('./parse-check.ts'),
    ]);
    addChecker(parseCheck((await importModule(file)).default));
  },
  scenarios: addScript,
};

/** Modules, without tests and type declarations. */
const MODULE = /^[^.]+\.(ts|mts|js|mjs)$/;

const loaded = new Map<string, Promise<void>>();

/**
 * Adds a team's own scenarios, checks and faults to this process: those in `scenarios`, `checks` and `faults` of the
 * folder `proofload`. Subfolders, and files with a second dot such as `x.test.ts`, are ignored. A folder is read once.
 *
 * @param folder The folder of the contract, as an absolute path.
 * @throws ProofloadError DEFINITION_INVALID if a file can't be loaded, exports something else, or uses a name that is taken
 * @throws ProofloadError SCENARIO_INVALID if a scenario has no proof
 */
export function loadOwn(folder: string): Promise<void> {
  const loading = loaded.get(folder) ?? load(join(folder, 'proofload'));
  loaded.set(folder, loading);
  return loading;
}

async function load(folder: string): Promise<void> {
  for (const [kind, add] of Object.entries(FOLDERS)) {
    for (const file of await modulesIn(join(folder, kind))) {
      // To import a pipe would wait for ever.
      const checked = openFile(file).then((opened) => opened.close());
      await checked
        .then(() => add(file))
        .catch((error) => {
          if (error instanceof ProofloadError) throw error;
          const message = `${relative('', file)}: ${messageOf(error)}`;
          throw new ProofloadError('DEFINITION_INVALID', message, { cause: error });
        });
    }
  }
}

/** Returns the modules in a folder, sorted by name. There are none if the folder doesn't exist. */
async function modulesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter((name) => MODULE.test(name))
    .sort()
    .map((name) => join(folder, name));
}
