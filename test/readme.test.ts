import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { proofloadWarm } from './support/command-line.ts';

const run = promisify(execFile);
const [readme = '', makefile = '', running = ''] = await Promise.all(
  ['README.md', 'Makefile', 'docs/running.md'].map((path) => readFile(path, 'utf8')),
);
const targets = [...makefile.matchAll(/^([a-z-]+):/gm)].map(([, name]) => name);

test('every target in the README is in the Makefile', () => {
  const named = [...readme.matchAll(/\bmake ([a-z][a-z-]*)/g)].map(([, name]) => name as string);
  expect(named).toContain('chaos');
  expect(targets).toEqual(expect.arrayContaining([...new Set(named)]));
});

test('make help lists every target with one line', async () => {
  const { stdout } = await run('make', ['help']);
  for (const target of targets) expect(stdout).toMatch(new RegExp(`^  ${target} +\\S`, 'm'));
});

test('the README has at most 150 lines', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(151);
});

test("the README's contract is that of the example", async () => {
  const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(block.replace(/^ {3}/gm, '').trimEnd()).toBe(
    (await readFile('examples/item-service/proofload.yaml', 'utf8')).trimEnd(),
  );
});

const OF_MAKE = ['SCENARIO', 'VERBOSE'];

test('every setting in the table of settings is a setting of the command line', async () => {
  const rows = [...running.matchAll(/^\| `([A-Z]+)` \|/gm)].map(([, name]) => name as string);
  expect(rows).toContain('PROFILE');
  const [ofRun, ofGate] = [await proofloadWarm(['run', '--help-all']), await proofloadWarm(['gate', '--help'])];
  const help = `${ofRun.text} ${ofGate.text}`.replace(/\s+/g, ' ');
  for (const name of rows.filter((row) => !OF_MAKE.includes(row))) expect(help).toContain(`env: ${name}`);
});
