import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadContract } from '../../../../harness/contract/load.ts';
import { type Against, openOtherBuild } from '../../../../harness/gate/builds/other-build.ts';
import { HANG_MS } from '../../../support/limits.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { repository, workTrees } from './repository.ts';

const CONTRACT = `
name: shop
start: { command: [node, server.mjs], readyPath: /, readySeconds: 5 }
environment: { PORT: '\${port}' }
endpoints: { home: { method: GET, path: /, served: [200] } }
profiles: { fast: {} }
`;

async function against(contract: string, requested: string, more: Partial<Against> = {}): Promise<Against> {
  const { use = { profile: 'fast' }, signal = new AbortController().signal, ...others } = more;
  return {
    requested,
    setting: '--against',
    contract,
    thisBuild: await loadContract(contract, use),
    use,
    signal,
    ...others,
  };
}

test('a commit is checked out, started by its own contract, and removed again', async () => {
  const top = await repository(
    { 'api/proofload.yaml': CONTRACT, 'api/server.mjs': '// old' },
    { 'api/server.mjs': '// new' },
  );
  const other = await openOtherBuild(await against(join(top, 'api/proofload.yaml'), 'first'));
  const { cwd = '' } = other.contract.start;
  expect(other.name).toMatch(/^first \([0-9a-f]{10}\)$/);
  expect(await readFile(join(cwd, 'server.mjs'), 'utf8')).toBe('// old');
  expect(workTrees(top)).toHaveLength(2);
  await other[Symbol.asyncDispose]();
  expect(existsSync(cwd)).toBe(false);
  expect(workTrees(top)).toHaveLength(1);
});

test('the work tree of a gate that was killed is forgotten by the next one', async () => {
  const top = await repository({ 'proofload.yaml': CONTRACT });
  const contract = join(top, 'proofload.yaml');
  const killed = await openOtherBuild(await against(contract, 'first'));
  await rm(killed.contract.start.cwd ?? '', { recursive: true });
  expect(workTrees(top)).toHaveLength(2);
  await using _ = await openOtherBuild(await against(contract, 'first'));
  expect(workTrees(top)).toHaveLength(2);
});

const LOCKED = {
  'proofload.yaml': CONTRACT,
  'package.json': '{"name":"shop"}',
  'package-lock.json': '{"name":"shop","lockfileVersion":3,"packages":{"":{"name":"shop"}}}',
};

test('installed packages are shared if the lock file is the same', async () => {
  const top = await repository(LOCKED, { 'node_modules/a/index.js': '1' });
  await using other = await openOtherBuild(await against(join(top, 'proofload.yaml'), 'first'));
  expect(await realpath(join(other.contract.start.cwd ?? '', 'node_modules/a/index.js'))).toBe(
    join(top, 'node_modules/a/index.js'),
  );
});

test('a link to a workspace is not shared, because it leads to the build under test', async () => {
  const top = await repository({ ...LOCKED, 'packages/a/index.js': '1' }, { 'node_modules/b/index.js': '1' });
  await symlink('../packages/a', join(top, 'node_modules/a'));
  await using other = await openOtherBuild(await against(join(top, 'proofload.yaml'), 'first'));
  const modules = join(other.contract.start.cwd ?? '', 'node_modules');
  if (existsSync(modules)) expect(await realpath(modules)).not.toBe(join(top, 'node_modules'));
});

test('a command prepares the build in place of npm, and its failure is reported with its output', async () => {
  const top = await repository({ ...LOCKED, 'api/proofload.yaml': CONTRACT }, { 'node_modules/a/index.js': '1' });
  const contract = join(top, 'api/proofload.yaml');
  await using other = await openOtherBuild(await against(contract, 'first', { prepare: 'echo built > dist' }));
  expect(await readFile(join(other.contract.start.cwd ?? '', 'dist'), 'utf8')).toBe('built\n');
  const failing = openOtherBuild(await against(contract, 'first', { prepare: 'echo no compiler; exit 7' }));
  await expect(failing).rejects.toMatchObject({
    code: 'BUILD_NOT_READY',
    message: expect.stringContaining('"/bin/sh -c echo no compiler; exit 7" ended with exit code 7 in api'),
    cause: { output: ['no compiler'] },
  });
  expect(workTrees(top)).toHaveLength(2);
});

test.each([0, 1_000])('preparing ends if the signal is aborted after %i ms, also if it has not begun', async (ms) => {
  const top = await repository({ 'proofload.yaml': CONTRACT });
  const over = new AbortController();
  const began = performance.now();
  const opening = openOtherBuild(
    await against(join(top, 'proofload.yaml'), 'first', { prepare: `sleep ${HANG_MS / 500}`, signal: over.signal }),
  );
  setTimeout(() => over.abort('interrupted'), ms);
  await expect(opening).rejects.toBe('interrupted');
  expect(performance.now() - began).toBeLessThan(HANG_MS);
  expect(workTrees(top)).toHaveLength(1);
});

test('a folder is used as it is, and an address stands for a running service', async () => {
  const [own, other] = [
    await temporaryFolder({ 'proofload.yaml': CONTRACT }),
    await temporaryFolder({ 'proofload.yaml': CONTRACT }),
  ];
  const contract = join(own, 'proofload.yaml');
  await using folder = await openOtherBuild(await against(contract, other));
  expect(folder.contract.start).toMatchObject({ command: ['node', 'server.mjs'], cwd: other });
  await using running = await openOtherBuild(await against(contract, 'http://127.0.0.1:8000/'));
  expect(running.contract.start).toEqual({
    readyPath: '/',
    readySeconds: 5,
    running: { url: 'http://127.0.0.1:8000' },
  });
  await expect(openOtherBuild(await against(contract, 'http://staging.test'))).rejects.toMatchObject({
    code: 'HOST_NOT_ALLOWED',
  });
});

test('a command that replaces that of the contract runs in the folder of the other build', async () => {
  const top = await repository({ 'proofload.yaml': CONTRACT });
  const use = { profile: 'fast', command: ['node', 'own.mjs'] };
  const other = openOtherBuild(await against(join(top, 'proofload.yaml'), 'first', { use }));
  // The working directory is in another repository, so the same folder of the other build is not known.
  await expect(other).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('--command') });
});

test.each([
  ['container: { image: shop:1 }', 'it names the image shop:1, too'],
  ['running: { url: http://127.0.0.1:8000 }', 'it names the running service http://127.0.0.1:8000, too'],
])('a commit whose contract starts the build under test again is refused: %s', async (start, message) => {
  const top = await repository({ 'proofload.yaml': CONTRACT.replace('command: [node, server.mjs]', start) });
  await expect(openOtherBuild(await against(join(top, 'proofload.yaml'), 'first'))).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(message),
  });
});

test('a folder whose contract names a file of the build under test is refused', async () => {
  const top = await repository({ 'proofload.yaml': CONTRACT });
  const other = await temporaryFolder({ 'proofload.yaml': CONTRACT.replace('server.mjs', `${top}/server.mjs`) });
  await expect(openOtherBuild(await against(join(top, 'proofload.yaml'), other))).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(`it names ${top}/`),
  });
});

test.each(['.', 'api'])('the folder of the build under test is refused: %s', async (folder) => {
  const top = await repository({ 'api/proofload.yaml': CONTRACT });
  await expect(openOtherBuild(await against(join(top, 'api/proofload.yaml'), join(top, folder)))).rejects.toMatchObject(
    { code: 'USAGE', message: expect.stringContaining('it names the same folder, command and settings') },
  );
});

test('a contract that starts the folder of the build under test is refused', async () => {
  const top = await repository({ 'proofload.yaml': CONTRACT });
  const contract = CONTRACT.replace('readyPath', `cwd: ${top}, readyPath`).replace('PORT:', 'CACHE: on, PORT:');
  const other = await temporaryFolder({ 'proofload.yaml': contract });
  await expect(openOtherBuild(await against(join(top, 'proofload.yaml'), other))).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(`it names ${top}/`),
  });
});

test('the same folder with other settings is another build', async () => {
  const top = await repository({
    'proofload.yaml': CONTRACT,
    'cached/proofload.yaml': CONTRACT.replace('readyPath', 'cwd: .., readyPath').replace('PORT:', 'CACHE: on, PORT:'),
  });
  await using other = await openOtherBuild(await against(join(top, 'proofload.yaml'), join(top, 'cached')));
  expect(other.contract.start.cwd).toBe(top);
});

test('the running service that is under test is refused', async () => {
  const running = CONTRACT.replace('command: [node, server.mjs]', 'running: { url: http://127.0.0.1:8000/ }');
  const contract = join(await temporaryFolder({ 'proofload.yaml': running }), 'proofload.yaml');
  await expect(openOtherBuild(await against(contract, 'http://127.0.0.1:8000'))).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('it names the running service http://127.0.0.1:8000, too'),
  });
});

test.each([
  ['http://me:secret@127.0.0.1:8000', '--against http://127.0.0.1:8000…: an address has no credentials, path or query'],
  ['http://127.0.0.1:8000/?token=secret', '--against http://127.0.0.1:8000…: an address has no credentials'],
  ['http://secret@', '--against http…: an address has no credentials'],
])('the address %s is refused without what may be secret', async (requested, message) => {
  const contract = join(await temporaryFolder({ 'proofload.yaml': CONTRACT }), 'proofload.yaml');
  const refused = await openOtherBuild(await against(contract, requested)).catch((error) => error);
  expect(refused).toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) });
  expect(refused.message).not.toContain('secret');
});

test('if a commit is unknown and the history was not fetched, the error says so', async () => {
  const whole = await repository({ 'proofload.yaml': CONTRACT });
  const top = join(await temporaryFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${whole}`, top]);
  await expect(openOtherBuild(await against(join(top, 'proofload.yaml'), 'v1.0'))).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('fetch-depth: 0'),
  });
});

test("both builds may share Node's cache of compiled modules, but nothing else of this build", async () => {
  const top = await repository({ 'proofload.yaml': CONTRACT });
  const open = async (variable: string) => {
    const contract = CONTRACT.replace('PORT:', `${variable}: ${top}/cache, PORT:`);
    const other = await temporaryFolder({ 'proofload.yaml': contract });
    return openOtherBuild(await against(join(top, 'proofload.yaml'), other));
  };
  await using _ = await open('NODE_COMPILE_CACHE');
  await expect(open('NODE_PATH')).rejects.toMatchObject({ code: 'USAGE' });
});

test.each([
  ['nothing', 'no such commit or folder exists; allowed: a commit, branch or tag, a folder'],
  ['--help', 'no such commit or folder exists'],
  ['first', 'it has no contract proofload.yaml'],
])('--against %s is refused with what is allowed', async (requested, message) => {
  const top = await repository({ 'other.yaml': CONTRACT }, { 'proofload.yaml': CONTRACT });
  const opening = openOtherBuild(await against(join(top, 'proofload.yaml'), requested));
  await expect(opening).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) });
  expect(workTrees(top)).toHaveLength(1);
});
