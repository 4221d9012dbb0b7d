import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { RunResult } from '../harness/verdict/run-result.ts';

const run = promisify(execFile);

/** Creates an empty third-party project and installs the package into it, as packed by npm. */
async function projectWithPackage(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'proofload-package-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  await writeLock(project);
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', project]);
  const quiet = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, `./${stdout.trim()}`], { cwd: project });
  return project;
}

/**
 * Writes a lock file with the versions that this project uses, so that npm doesn't have to request metadata for
 * hundreds of packages.
 */
async function writeLock(project: string): Promise<void> {
  const { dependencies, allowScripts } = JSON.parse(await readFile('package.json', 'utf8'));
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const own = { name: 'somebody-elses', private: true, dependencies, allowScripts };
  const packages = { ...lock.packages, '': { name: own.name, dependencies } };
  await writeFile(join(project, 'package.json'), JSON.stringify(own));
  await writeFile(join(project, 'package-lock.json'), JSON.stringify({ ...lock, name: own.name, packages }));
}

/** Runs the package's command in the project, without the settings of the current test run. */
async function proofload(project: string, ...args: string[]): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const settings = { env: { PATH, HOME, ENGINE: 'embedded', POSTGRES: 'embedded' }, cwd: project };
  // Accept exit code 3: on a busy machine, a pause can make the run INCONCLUSIVE, which says nothing about the package.
  const { stdout } = await run('npx', ['proofload', ...args], settings).catch((error) => {
    if (error.code === 3) return error as { stdout: string };
    throw new Error(`${error.message}\n${error.stdout}`, { cause: error });
  });
  return stdout;
}

test('the packed package runs a scenario in a project that has installed it', async () => {
  const project = await projectWithPackage();
  await expect(proofload(project, 'run', 'stress/smoke')).rejects.toThrow('USAGE: there is no contract: ');
  const said = await proofload(project, 'run', 'stress/smoke', '--demo');
  expect(said).toContain(`Report:    ${join(project, 'results', 'runs', 'stress-smoke')}`);
  const verdict = JSON.parse(await readFile(join(project, 'results', 'latest', 'verdict.json'), 'utf8')) as RunResult;
  const [smoke] = verdict.scenarios;
  const served = smoke?.findings.filter(({ check }) => /^(serves|upstreams of) /.test(check)) ?? [];
  expect(served).toHaveLength(18);
  expect(served.filter((finding) => finding.verdict !== 'PASS')).toEqual([]);
  expect(smoke?.again).toMatch(
    /^SEED=\d+ ENGINE=embedded POSTGRES=embedded CONTRACT=node_modules\/proofload\/service\/proofload\.config\.ts npx proofload run stress\/smoke$/,
  );
}, 600_000);
