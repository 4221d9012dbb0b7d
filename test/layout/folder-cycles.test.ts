import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderCycles } from './folder-cycles.ts';

/** Writes files, given by name, to a separate folder and returns the cycles in it. */
async function cyclesOf(files: Record<string, string>): Promise<string[][]> {
  const root = await mkdtemp(join(tmpdir(), 'proofload-layout-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return folderCycles(root, ['**/*.ts']);
}

test("folders that import each other are a cycle, even if their files don't", async () => {
  const files = {
    'a/one.ts': `import { two } from '../b/two.ts';`,
    'b/two.ts': 'export const two = 2;',
    'b/three.ts': `export { four } from '../a/four.ts';`,
    'a/four.ts': 'export const four = 4;',
  };
  expect(await cyclesOf(files)).toEqual([['a/one.ts -> b/two.ts', 'b/three.ts -> a/four.ts']]);
});

test('a type import closes a cycle, also across three folders', async () => {
  const files = {
    'a/one.ts': `import type { Two } from '../b/two.ts';`,
    'b/two.ts': `import type { Three } from '../c/three.ts';\nexport type Two = Three;`,
    'c/three.ts': `import type { Four } from '../a/four.ts';\nexport type Three = Four;`,
    'a/four.ts': 'export type Four = 4;',
  };
  expect(await cyclesOf(files)).toEqual([
    ['a/one.ts -> b/two.ts', 'b/two.ts -> c/three.ts', 'c/three.ts -> a/four.ts'],
  ]);
});

test('a folder and its subfolder are two folders', async () => {
  const files = {
    'a/index.ts': `import { one } from './kinds/one.ts';`,
    'a/kinds/one.ts': `import { base } from '../base.ts';\nexport const one = base;`,
    'a/base.ts': 'export const base = 0;',
  };
  expect(await cyclesOf(files)).toEqual([['a/index.ts -> a/kinds/one.ts', 'a/kinds/one.ts -> a/base.ts']]);
});

test('two cycles are two results', async () => {
  const pair = (a: string, b: string) => ({
    [`${a}/x.ts`]: `import '../${b}/y.ts';`,
    [`${b}/y.ts`]: '',
    [`${b}/z.ts`]: `import '../${a}/w.ts';`,
    [`${a}/w.ts`]: '',
  });
  expect(await cyclesOf({ ...pair('a', 'b'), ...pair('c', 'd') })).toHaveLength(2);
});

test('imports in one direction, packages and imports within a folder are no cycle', async () => {
  const files = {
    'a/one.ts': `import { z } from 'zod';\nimport { two } from './two.ts';\nimport { three } from '../b/three.ts';`,
    'a/two.ts': `import './one.ts';`,
    'b/three.ts': `import { join } from 'node:path';`,
  };
  expect(await cyclesOf(files)).toEqual([]);
});
