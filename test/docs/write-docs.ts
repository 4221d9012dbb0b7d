import { mkdir, rm, writeFile } from 'node:fs/promises';
import { missingForPages } from './check-pages.ts';
import { Undocumented } from './checker-sources.ts';
import { FOLDERS, GENERATED, regenerate } from './generated.ts';

/** Implements `make docs`. All pages are generated before the first one is written. If one can't be, docs/ stays as it is. */
async function writeDocs(): Promise<void> {
  const parts = await Promise.all(Object.keys(GENERATED).map(async (path) => [path, await regenerate(path)] as const));
  const folders = await Promise.all(
    Object.entries(FOLDERS).map(async ([name, write]) => [name, await write()] as const),
  );
  for (const [path, text] of parts) await writeFile(path, text);
  for (const [folder, pages] of folders) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    for (const [path, text] of pages) await writeFile(path, text);
  }
  for (const sentence of await missingForPages()) console.error(`✖ ${sentence}`);
}

await writeDocs().catch((error) => {
  if (!(error instanceof Undocumented)) throw error;
  console.error(`✖ ${error.message}`);
  process.exitCode = 1;
});
