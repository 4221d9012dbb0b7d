import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { importOptional } from '../../base/import-optional.ts';

/** Bundles by entry module, because a process may write many reports. */
const bundles = new Map<string, Promise<string>>();

/**
 * Bundles a browser module and its imports into a single minified script. The first call for a module takes up to
 * 0.4 s, and later calls return the cached result.
 *
 * @throws Error if a module is missing or contains a syntax error
 */
export function bundleBrowserCode(entry: URL): Promise<string> {
  const known = bundles.get(entry.href) ?? bundle(entry);
  bundles.set(entry.href, known);
  return known;
}

/**
 * The file for the bundle of an entry module in the published package, which can't rely on a bundler. It is beside the
 * folder of the modules, which the package doesn't contain.
 */
export const bundleFile = (entry: URL): URL => new URL(entry.href.replace(/[^/]+\/([^/]+)\.js$/, '$1.min.js'));

/**
 * Reads a file that only the published package contains. Returns undefined if there is none. In this repository, it may
 * exist for as long as `npm pack` runs.
 */
export const readPacked = (file: URL): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

async function bundle(entry: URL): Promise<string> {
  const packed = await readPacked(bundleFile(entry));
  if (packed !== undefined) return packed;
  // Load the bundler only when needed, because most commands don't write a report.
  const { rolldown } = await importOptional('rolldown', 'the HTML report');
  await using build = await rolldown({ input: fileURLToPath(entry), tsconfig: false });
  const { output } = await build.generate({ format: 'iife', minify: true });
  return output[0].code;
}
