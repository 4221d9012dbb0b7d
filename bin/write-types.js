import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Writes the type declarations of the modules that the package exports to types/, before the package is packed. Node
 * runs the TypeScript itself, but a project that imports it would check it with its own options. The modules are not
 * checked here, because `make lint` does it, and because it takes five times as long.
 */
const TYPES = 'types';
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.values(exports).flatMap(({ types }) => types ?? []);

rmSync(TYPES, { recursive: true, force: true });
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
// `npm pack --silent` drops what goes to stdout, where tsc writes its errors.
execFileSync(process.execPath, [tsc, '--project', 'tsconfig.types.json'], {
  stdio: ['ignore', process.stderr, 'inherit'],
});

/** Remove the declarations that no exported module needs. */
const needed = new Set();
const follow = (file) => {
  if (needed.has(file)) return;
  needed.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, path] of text.matchAll(/(?:from |import\()["'](\.[^"']+)\.ts["']/g)) {
    follow(join(dirname(file), `${path}.d.ts`));
  }
};
for (const entry of entries) follow(join(entry));
for await (const file of glob(`${TYPES}/**/*.d.ts`)) if (!needed.has(file)) rmSync(file);
