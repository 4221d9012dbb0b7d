/**
 * Writes what only the published package contains, or removes it with `--remove`: bundles of the browser code, and
 * files of uPlot, which is part of the bundles. `npm pack` does both.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { CHART_FILES, chartCopy } from './assets.ts';
import { bundleBrowserCode, bundleFile } from './bundle-browser-code.ts';

const ENTRIES = ['browser/page.js', '../../workbench/browser/lab.js'].map((path) => new URL(path, import.meta.url));
const { resolve } = createRequire(import.meta.url);

for (const file of [...ENTRIES.map(bundleFile), ...CHART_FILES.map(chartCopy)]) await rm(file, { force: true });
if (!process.argv.includes('--remove')) {
  for (const entry of ENTRIES) await writeWhole(bundleFile(entry), await bundleBrowserCode(entry));
  for (const file of CHART_FILES) await writeWhole(chartCopy(file), await readFile(resolve(`uplot/${file}`), 'utf8'));
}

/** Writes a file that other processes may read at any time. */
async function writeWhole(file: URL, text: string): Promise<void> {
  const unfinished = new URL(`${file.href}.tmp`);
  await writeFile(unfinished, text);
  await rename(unfinished, file);
}
