import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const [readme, makefile] = await Promise.all(['README.md', 'Makefile'].map((path) => readFile(path, 'utf8')));
const targets = [...(makefile ?? '').matchAll(/^([a-z-]+):/gm)].map(([, name]) => name);

test('every target that the README names is in the Makefile', () => {
  const named = [...(readme ?? '').matchAll(/\bmake ([a-z][a-z-]*)/g)].map(([, name]) => name as string);
  expect(named).toContain('chaos');
  expect(targets).toEqual(expect.arrayContaining([...new Set(named)]));
});

test('make help lists every target with a line', async () => {
  const { stdout } = await run('make', ['help']);
  for (const target of targets) expect(stdout).toMatch(new RegExp(`^  ${target} +\\S`, 'm'));
});

test("the README's settings are settings of the command line", async () => {
  const rows = [...(readme ?? '').matchAll(/^\| `([A-Z]+)` \|/gm)].map(([, name]) => name as string);
  expect(rows).toContain('PROFILE');
  const { stdout } = await run(process.execPath, ['harness/cli.ts', 'run', '--help']);
  for (const name of rows.filter((row) => row !== 'SCENARIO'))
    expect(stdout.replace(/\s+/g, ' ')).toContain(`env: ${name}`);
});
