import { writeFile } from 'node:fs/promises';
import { GENERATED, regenerate } from './generated.ts';

for (const path of Object.keys(GENERATED)) await writeFile(path, await regenerate(path));
