import { mkdir, rm, writeFile } from 'node:fs/promises';
import { checkPages } from './check-pages.ts';
import { GENERATED, regenerate } from './generated.ts';

// All pages are generated before the first one is written. If one can't be, docs/ stays as it is.
const parts = await Promise.all(Object.keys(GENERATED).map(async (path) => [path, await regenerate(path)] as const));
const pages = await checkPages();

await rm('docs/checks', { recursive: true, force: true });
await mkdir('docs/checks');
for (const [path, text] of [...parts, ...pages]) await writeFile(path, text);
