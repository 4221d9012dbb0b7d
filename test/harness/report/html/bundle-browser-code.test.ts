import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleBrowserCode } from '../../../../harness/report/html/bundle-browser-code.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofload-bundle-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, text: string): Promise<URL> => {
  await writeFile(join(folder, name), text);
  return pathToFileURL(join(folder, name));
};

test('a module and its imports become one script that defines no globals', async () => {
  await write('part.js', 'export const part = 40;');
  const entry = await write('entry.js', "import { part } from './part.js';\nconst own = part + 2;\nseen(own);");
  const values: number[] = [];
  const context = { seen: (value: number) => values.push(value) };
  runInNewContext(await bundleBrowserCode(entry), context);
  expect(values).toEqual([42]);
  expect(Object.keys(context)).toEqual(['seen']);
});

test('a module is bundled once per process', async () => {
  const entry = await write('entry.js', 'seen(1);');
  const first = await bundleBrowserCode(entry);
  await writeFile(join(folder, 'entry.js'), 'seen(2);');
  expect(await bundleBrowserCode(entry)).toBe(first);
});

test('a missing import is an error that names it', async () => {
  const entry = await write('entry.js', "import './gone.js';");
  await expect(bundleBrowserCode(entry)).rejects.toThrow(/gone\.js/);
});
