import { existsSync } from 'node:fs';
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

/** The file for the bundle of an entry module in the published package, which can't rely on a bundler. */
export const bundleFile = (entry: URL): URL => new URL(entry.href.replace(/\.js$/, '.min.js'));

async function bundle(entry: URL): Promise<string> {
  if (existsSync(bundleFile(entry))) return readFile(bundleFile(entry), 'utf8');
  // Load the bundler only when needed, because most commands don't write a report.
  const { rolldown } = await importOptional('rolldown', 'the HTML report');
  await using build = await rolldown({ input: fileURLToPath(entry), tsconfig: false });
  const { output } = await build.generate({ format: 'iife', minify: true });
  return output[0].code;
}
