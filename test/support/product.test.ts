import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { called, productOf } from './product.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function folderWith(file: string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, file, '..'), { recursive: true });
  await writeFile(join(folder, file), '');
  return folder;
}

test('tests start the sources by default', () => {
  for (const folder of [undefined, '']) {
    const { engine, isInstalled } = productOf(folder);
    expect(isInstalled).toBe(false);
    expect(called(engine('run'), ['run'])[1]).toEqual([expect.stringMatching(/\/engine\/main\.ts$/), 'run']);
  }
});

test('tests start the engine in the folder of bundles', async () => {
  const folder = await folderWith('engine/main.js');
  expect(productOf(folder).engine('run').main).toBe(join(folder, 'engine/main.js'));
});

test('tests start an installed package like its users do', async () => {
  const folder = await folderWith('node_modules/.bin/proofload');
  const { engine, commandLine, isInstalled } = productOf(folder);
  const bin = { command: [join(folder, 'node_modules/.bin/proofload')] };
  expect({ isInstalled, run: engine('run'), commandLine }).toEqual({ isInstalled: true, run: bin, commandLine: bin });
});

test('a folder without a product is refused', async () => {
  const folder = await folderWith('other');
  expect(() => productOf(folder)).toThrow(`PROOFLOAD_PRODUCT=${folder} is neither a project`);
});
