import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { readAssets } from '../../../../harness/report/html/assets.ts';

test('a page has the license of the library that draws its charts, in its script and in its style', async () => {
  const license = await readFile(createRequire(import.meta.url).resolve('uplot/LICENSE'), 'utf8');
  expect(license).toMatch(/Copyright \(c\) .*this permission notice shall be included/s);
  const { style, script } = await readAssets({ styles: [], scripts: [] });
  for (const text of [style, script]) {
    expect(text.startsWith('/*! uPlot')).toBe(true);
    expect(text).toContain(license);
  }
});
