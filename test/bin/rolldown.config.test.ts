import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RolldownOptions, rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** It has no types. */
const CONFIG: string = '../../bin/rolldown.config.js';
const DATA_URL = 'data:text/javascript,export const load = (path) => import(path);';

/** Bundles a program with a module `loader.ts` like the engine. */
async function bundle(loader: string): Promise<string> {
  const folder = await temporaryFolder();
  const input = join(folder, 'main.ts');
  await writeFile(input, "import { load } from './loader.ts';\nawait load('node:fs');\n");
  await writeFile(join(folder, 'loader.ts'), loader);
  const { output, ...options }: RolldownOptions = (await import(CONFIG)).default;
  await using build = await rolldown({ ...options, input });
  return (await build.generate({ ...output, dir: folder })).output[0].code;
}

test('a program whose dynamic import the bundler would replace is not bundled', async () => {
  await expect(
    bundle(`export const load = (path) => native.load(path);\nconst native = await import('${DATA_URL}');`),
  ).rejects.toThrow('loader.ts: 0 of 1 dynamic imports are left in the bundle');
});

test('a program that the bundler warns about is not bundled', async () => {
  await expect(bundle("export const load = (path) => eval('import(path)');")).rejects.toThrow('EVAL');
});

test('a program keeps its other dynamic imports', async () => {
  expect(await bundle('export const load = (path) => import(path);')).toMatch(/import\(\w+\)/);
});
