import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const TSC = resolve('node_modules/typescript/bin/tsc');

/** Mistakes that the types must show. If one is allowed, the comment above it is an error. */
const MISTAKES = `
import { defineCheck, defineContract, defineFault, z } from 'proofload';
import { lab } from 'proofload/scenario';
const start = { command: ['x'], readyPath: '/', readySeconds: 1 };
// @ts-expect-error an unknown field
defineContract({ name: 'x', colour: 'blue', start, endpoints: {}, profiles: {} });
// @ts-expect-error a misspelt phase
lab.phase('stedy');
lab.phase('own: anything');
const finding = { check: 'x', expected: 'x', observed: 'x' };
// @ts-expect-error a misspelt verdict
defineCheck({ name: 'x', usually: 'x', judge: () => [{ ...finding, verdict: 'pass' }] });
const fields = { currency: z.string() };
// @ts-expect-error an unknown effect
defineFault({ kind: 'x', does: 'x', effect: 'boom', fields, create: () => ({}) });
// @ts-expect-error a field that the fault doesn't have
defineFault({ kind: 'x', does: 'x', effect: 'fails', fields, create: ({ price }) => ({}) });
`;

/** Creates a project with the packed types, a copy of an example, and strict options. */
async function projectWithTypes(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'proofload-types-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  const installed = join(project, 'node_modules/proofload');
  await mkdir(installed, { recursive: true });
  for (const part of ['package.json', 'types']) await cp(part, join(installed, part), { recursive: true });
  for (const name of ['zod', '@types'])
    await symlink(resolve('node_modules', name), join(project, 'node_modules', name));
  await cp('examples/price-service', join(project, 'shop'), { recursive: true });
  await writeFile(join(project, 'mistakes.ts'), MISTAKES);
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node', 'k6'],
  };
  const include = ['shop', 'mistakes.ts'];
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  return project;
}

test("the packed types complete and check a project's own files", async () => {
  await run(process.execPath, ['bin/write-types.js']);
  const project = await projectWithTypes();
  const { stdout } = await run(process.execPath, [TSC, '-p', project]).catch((error) => error as { stdout: string });
  expect(stdout).toBe('');
});
