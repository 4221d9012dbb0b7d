import { spawn } from 'node:child_process';
import { chown, mkdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { User } from './unprivileged-user.ts';

/** Against what the tests run, and how. */
export interface ProductRun {
  /** The value of `PROOFLOAD_PRODUCT`. */
  readonly product: string;
  /** The PATH, which decides which Node starts an installed package. */
  readonly path: string;
  /** A folder for temporary files. */
  readonly folder: string;
  /** Defaults to the user of this process. */
  readonly user?: User | undefined;
  /** The folder with the tests. Defaults to the working directory. */
  readonly checkout?: string;
  readonly signal: AbortSignal;
}

/** Vitest's report. It has more fields. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    /** The absolute path of the file. */
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** The outcome of a run of test files. */
export interface TestRun extends Report {
  /** Why the run has failed. */
  readonly problems: readonly string[];
}

/**
 * Runs test files against a product, and prints their names. A file none of whose tests has passed fails the run, so
 * that a file can't disappear from it.
 */
export async function runTests(title: string, files: readonly string[], given: ProductRun): Promise<TestRun> {
  console.log(`\n${title}: ${files.length} test files\n${files.map((file) => `  ${file}`).join('\n')}`);
  const { user, checkout = process.cwd() } = given;
  const owner = user ? { uid: user.uid, gid: user.gid } : {};
  const temporary = join(given.folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  if (user) await chown(temporary, user.uid, user.gid);
  const report = join(temporary, `${title.replaceAll(/\W+/g, '-')}.json`);
  const { HOME = '', TERM = '', LANG = 'C.UTF-8', CI = '' } = process.env;
  const env = {
    PATH: given.path,
    HOME: user?.home ?? HOME,
    TMPDIR: temporary,
    TERM,
    LANG,
    CI,
    PROOFLOAD_PRODUCT: given.product,
    TEST_COUNTS: report,
  };
  // The user may be unable to write to the folder in which Vitest would bundle its configuration.
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--configLoader', 'native', ...files];
  const own = relative(process.cwd(), process.execPath);
  // A copy of the checkout has its own Node.
  const node = own.startsWith('..') ? process.execPath : join(checkout, own);
  const child = spawn(node, args, {
    cwd: checkout,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    ...owner,
  });
  const stop = () => child.kill('SIGINT');
  given.signal.addEventListener('abort', stop);
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  given.signal.removeEventListener('abort', stop);
  const none: Report = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  const found = await readFile(report, 'utf8').then(
    (text): Report => JSON.parse(text),
    () => none,
  );
  return { ...found, problems: problemsOf(found, files, code).map((problem) => `${title}: ${problem}`) };
}

/** Returns why a run of test files has failed. */
export function problemsOf({ numFailedTests, testResults }: Report, files: readonly string[], code: unknown): string[] {
  const hasPassed = (file: string) =>
    testResults.some(
      ({ name, assertionResults }) =>
        name.endsWith(`/${file}`) && assertionResults.some(({ status }) => status === 'passed'),
    );
  const problems = files.filter((file) => !hasPassed(file)).map((file) => `no test of ${file} has passed`);
  if (numFailedTests > 0) problems.push(`${numFailedTests} tests failed`);
  if (problems.length === 0 && code !== 0) problems.push(`vitest ended with exit code ${code}`);
  return problems;
}

/** Returns the report of all runs together. */
export const sumOf = (runs: readonly Report[]): Report => ({
  numPassedTests: runs.reduce((sum, run) => sum + run.numPassedTests, 0),
  numFailedTests: runs.reduce((sum, run) => sum + run.numFailedTests, 0),
  testResults: runs.flatMap(({ testResults }) => testResults),
});
