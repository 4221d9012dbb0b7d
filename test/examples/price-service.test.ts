import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decidedRun } from '../support/command-line.ts';
import { ALONE_MS } from '../support/limits.ts';
import { product } from '../support/product.ts';

const EXAMPLE = 'examples/price-service';
const OWN = ['proofload/faults/', 'proofload/scenarios/', 'proofload/checks/'];

let folder = '';

/** Copies the example to a project that has installed the product. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofload-example-'));
  await cp(EXAMPLE, folder, { recursive: true, filter: (path) => !path.endsWith('/results') });
  await mkdir(join(folder, 'node_modules'));
  await symlink(product.root, join(folder, 'node_modules/proofload'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the example's tests of its check, its fault and its service pass under node:test", async () => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)('node', ['--test', '--test-reporter=tap'], { cwd: folder, env });
  expect(stdout).toMatch(/^# pass 7$/m);
});

test(
  'its check fails a service that tells prices in any currency',
  async () => {
    const source = await readFile(join(folder, 'service.js'), 'utf8');
    await writeFile(join(folder, 'careless.js'), source.replace(/^.*currency !== CURRENCY.*\n/m, ''));
    const environment = { CONTRACT: 'proofload.config.ts', COMMAND: 'node careless.js' };
    const { code, text } = await decidedRun(['run', 'own'], environment, folder);
    expect(text).toContain('5 of 5 calls served, with 5 wrong prices');
    expect(code).toBe(99);
  },
  ALONE_MS,
);

test('docs/extending.md shows the files of the example', async () => {
  const page = await readFile('docs/extending.md', 'utf8');
  const shown = [...page.matchAll(/```ts\n(?:\/\/ (\S+)\n)?([\s\S]*?)```/g)]
    .map(([, path = 'proofload.config.ts', code = '']) => ({ path, lines: code.split('\n') }))
    .filter(({ path, lines }) => !path.includes('.test.') && lines.some((line) => line.startsWith('export default')));
  const folders = shown.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
  expect(folders).toEqual(expect.arrayContaining(OWN));
  for (const { path, lines } of shown) {
    const file = (await readFile(join(EXAMPLE, path), 'utf8')).split('\n');
    expect(lines.filter((line) => !file.includes(line))).toEqual([]);
  }
});
