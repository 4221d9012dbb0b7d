import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { readAssets } from '../../../../harness/report/html/assets.ts';

const PAGE = new URL('../../../../harness/report/html/browser/page.js', import.meta.url);

test('a page contains the license of uPlot in its script and in its style', async () => {
  const license = await readFile(createRequire(import.meta.url).resolve('uplot/LICENSE'), 'utf8');
  expect(license).toMatch(/Copyright \(c\) .*this permission notice shall be included/s);
  const { style, script } = await readAssets({ styles: [], script: PAGE });
  for (const text of [style, script]) {
    expect(text.startsWith('/*! uPlot')).toBe(true);
    expect(text).toContain(license);
  }
});
