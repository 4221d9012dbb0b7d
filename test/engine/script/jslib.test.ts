import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { silentLogger } from '../../../engine/base/logger.ts';
import { evaluateScript } from '../../../engine/script/evaluate-script.ts';
import { Test } from '../../../engine/vu/test.ts';
import { Vu } from '../../../engine/vu/vu.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Evaluates a script beside a folder with copies of jslib modules, and returns its exports. */
async function exportsOf(source: string, files: Readonly<Record<string, string>>, isGiven = true) {
  const folder = await temporaryFolder({ 'script.js': source, ...files });
  const jslib = isGiven ? pathToFileURL(`${join(folder, 'jslib')}/`) : undefined;
  const script = pathToFileURL(join(folder, 'script.js'));
  const given = { script, jslib, logger: silentLogger };
  return evaluateScript(new Vu(new Test(given), 0));
}

const FILES = {
  'jslib/a/1.0.0/index.js': `
    import { b } from 'https://jslib.k6.io/b/2/index.js';
    import { c } from './c.js';
    export const a = 'a' + b + c;`,
  'jslib/a/1.0.0/c.js': "export const c = 'c';",
  'jslib/b/2/index.js': "import { sleep } from 'k6'; export const b = typeof sleep;",
};

test.each([
  ['imports', "export { a } from 'https://jslib.k6.io/a/1.0.0/index.js';"],
  ['requires', "module.exports = require('https://jslib.k6.io/a/1.0.0/index.js');"],
])('a script that %s a module of jslib.k6.io gets the local copy, with its own imports', async (_, source) => {
  expect(await exportsOf(source, FILES)).toMatchObject({ a: 'afunctionc' });
});

test("an import can't leave the folder", async () => {
  const outside = exportsOf("export { a } from 'https://jslib.k6.io/../secret.js';", {
    ...FILES,
    'secret.js': 'export const a = 1;',
  });
  await expect(outside).rejects.toThrow('jslib/secret.js');
});

test('without the folder, the error names the flag', async () => {
  const source = "export { a } from 'https://jslib.k6.io/a/1.0.0/index.js';";
  await expect(exportsOf(source, FILES, false)).rejects.toThrow(/"https:\/\/jslib.k6.io\/a.*--jslib DIR.*ENGINE=k6/);
});

test('other remote modules are refused', async () => {
  await expect(exportsOf("import 'https://a.test/x.js';", FILES)).rejects.toThrow(
    /can't import "https:\/\/a.test\/x.js".*use ENGINE=k6/,
  );
});
