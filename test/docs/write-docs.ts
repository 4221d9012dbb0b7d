import { mkdir, rm, writeFile } from 'node:fs/promises';
import { missingForPages } from './check-pages.ts';
import { Undocumented } from './checker-sources.ts';
import { FOLDERS, GENERATED, regenerate } from './generated.ts';

/**
 * Implements `make docs`. All pages are generated before the first one is written. If one can't be, docs/ stays as it is.
 *
 * @param wanted Pages and folders. Defaults to all.
 */
async function writeDocs(wanted: readonly string[]): Promise<void> {
  const isWanted = (path: string): boolean => wanted.length === 0 || wanted.includes(path);
  const paths = Object.keys(GENERATED).filter(isWanted);
  const parts = await Promise.all(paths.map(async (path) => [path, await regenerate(path)] as const));
  const writers = Object.entries(FOLDERS).filter(([name]) => isWanted(name));
  const folders = await Promise.all(writers.map(async ([name, write]) => [name, await write()] as const));
  for (const [path, text] of parts) await writeFile(path, text);
  for (const [folder, pages] of folders) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    for (const [path, text] of pages) await writeFile(path, text);
  }
  for (const sentence of await missingForPages()) console.error(`✖ ${sentence}`);
}

await writeDocs(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof Undocumented)) throw error;
  console.error(`✖ ${error.message}`);
  process.exitCode = 1;
});
