import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { bundleBrowserCode } from '../../../../harness/report/html/bundle-browser-code.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Writes a module, and others beside it, and returns its address. */
const entryOf = async (text: string, others = {}): Promise<URL> =>
  pathToFileURL(join(await temporaryFolder({ ...others, 'entry.js': text }), 'entry.js'));

test('a module and its imports become one script that defines no globals', async () => {
  const text = "import { part } from './part.js';\nconst own = part + 2;\nseen(own);";
  const entry = await entryOf(text, { 'part.js': 'export const part = 40;' });
  const values: number[] = [];
  const context = { seen: (value: number) => values.push(value) };
  runInNewContext(await bundleBrowserCode(entry), context);
  expect(values).toEqual([42]);
  expect(Object.keys(context)).toEqual(['seen']);
});

test('a module is bundled once per process', async () => {
  const entry = await entryOf('seen(1);');
  const first = await bundleBrowserCode(entry);
  await writeFile(entry, 'seen(2);');
  expect(await bundleBrowserCode(entry)).toBe(first);
});

test('a missing import is an error that names it', async () => {
  const entry = await entryOf("import './gone.js';");
  await expect(bundleBrowserCode(entry)).rejects.toThrow(/gone\.js/);
});
