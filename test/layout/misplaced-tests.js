import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Folders with tests that mirror no source. */
const OWN_PLACES = [
  'test/browser', // pages of several rooms, in Chromium
  'test/certify', // the providers' own SDKs
  'test/corpus', // the scripts of others
  'test/defects', // services that a check must catch
  'test/docs', // the generated pages
  'test/examples', // the suites of examples/
  'test/layout', // the borders of folders
  'test/products', // what is shipped
  'test/scenarios/rehearsal', // all scripts, with each small contract
  'test/service/ledger', // what is left after kills
  'test/support', // helpers of tests
];

/**
 * Describes each test that isn't where readers look for it. A test of `a/b.ts` is `test/a/b.test.ts`. A test that is
 * named after a behavior is in the folder that mirrors the one with the code.
 */
export function misplacedTests({ modules }) {
  return modules.flatMap(({ source: test, dependencies }) => {
    if (!test.endsWith('.test.ts') || OWN_PLACES.some((place) => test.startsWith(`${place}/`))) return [];
    const folder = dirname(test).replace(/^test\/?/, '');
    if (!existsSync(folder || '.')) return `${test} mirrors nothing: there is no folder ${folder}/`;
    const name = basename(test, '.test.ts');
    if (hasSource(`${folder || '.'}/${name}`)) return [];
    const elsewhere = dependencies
      .map(({ resolved }) => resolved)
      .find((file) => nameOf(file) === name && !file.startsWith('test/'));
    return elsewhere ? `${test} is a test of ${elsewhere}: move it to test/${dirname(elsewhere)}/` : [];
  });
}

/** Says whether there is a source file or a folder with this path, which has no ending. */
export const hasSource = (path) => ['', '.ts', '.js'].some((ending) => existsSync(path + ending));
const nameOf = (file) => basename(file).replace(/\.[jt]s$/, '');
