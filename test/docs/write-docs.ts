import { mkdir, rm, writeFile } from 'node:fs/promises';
import { checkPages } from './check-pages.ts';
import { GENERATED, regenerate } from './generated.ts';

for (const path of Object.keys(GENERATED)) await writeFile(path, await regenerate(path));

await rm('docs/checks', { recursive: true, force: true });
await mkdir('docs/checks');
for (const [path, page] of await checkPages()) await writeFile(path, page);
