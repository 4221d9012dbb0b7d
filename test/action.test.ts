import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runAction } from './support/run-action.ts';

/** Creates another repository with a service in `api/`. */
async function repository(server: string): Promise<string> {
  const workspace = await mkdtemp(join(tmpdir(), 'proofload-workspace-'));
  onTestFinished(() => rm(workspace, { recursive: true, force: true }));
  await mkdir(join(workspace, 'api'));
  await cp('examples/item-service/proofload.yaml', join(workspace, 'api', 'proofload.yaml'));
  await writeFile(join(workspace, 'api', 'server.mjs'), server);
  return workspace;
}

/** Runs the action as installed here. */
const run = async (workspace: string, inputs: Record<string, string> = {}) =>
  runAction({ folder: '.', workspace, inputs: { folder: 'api', ...inputs }, isCached: true });

test('the action says in its outputs and in the job summary why a service does not start', async () => {
  const workspace = await repository("console.error('no such table: items'); process.exit(7);");
  const { outputs, summary, log, exitCode, used, left } = await run(workspace);
  expect({ outputs, exitCode, left }).toEqual({
    left: [],
    outputs: {
      verdict: 'NONE',
      'exit-code': '1',
      report: expect.stringMatching(`^${workspace}/api/results/runs/gate/[^/]+/report\\.html$`),
    },
    exitCode: 1,
  });
  expect(summary).toMatch(
    /^## ❌ proofload: no verdict\n\n```text\nSERVICE_NOT_READY: .*\nno such table: items\n```\n/,
  );
  expect(log).toMatch(/^::warning file=api\/proofload\.yaml,title=.*%0Aagain: SEED=\d+ npx proofload run stress\//m);
  expect(await readFile(outputs.report as string, 'utf8')).toContain('no such table: items');
  expect(used).toEqual({
    'actions/cache': {
      path: expect.stringMatching(/\/node_modules$/),
      key: expect.stringMatching(/^proofload-Linux-X64-[0-9a-f]{16}$/),
    },
    'actions/upload-artifact': expect.objectContaining({ path: 'api/results/runs/gate/', name: 'proofload-gate' }),
  });
}, 60_000);

test('the action says in the job summary that a contract is invalid', async () => {
  const workspace = await repository('');
  const { outputs, summary, exitCode } = await run(workspace, { contract: 'missing.yaml' });
  expect({ outputs, exitCode }).toEqual({ outputs: { verdict: 'NONE', 'exit-code': '2', report: '' }, exitCode: 2 });
  expect(summary).toMatch(/^## ❌ proofload: no verdict\n\n```text\nCONTRACT_INVALID: .*missing\.yaml/);
}, 60_000);

test('the action has no verdict if its packages can not be installed', async () => {
  const workspace = await repository('');
  const folder = join(workspace, 'action');
  await mkdir(folder);
  await cp('action.yml', join(folder, 'action.yml'));
  await writeFile(join(folder, 'package.json'), '{}');
  await writeFile(join(folder, 'package-lock.json'), 'damaged');
  const { outputs, exitCode } = await runAction({ folder, workspace, inputs: {}, isCached: false });
  expect(outputs).toEqual({ verdict: 'NONE', 'exit-code': '', report: '' });
  expect(exitCode).toBeGreaterThan(0);
}, 60_000);
