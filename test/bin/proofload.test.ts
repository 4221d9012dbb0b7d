import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processes } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { called, product } from '../support/product.ts';

const COMMAND = join(product.root, 'bin/proofload.js');
/** Makes Node report version 20. */
const OLDER = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'proofload bin-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

function start(node: string, args: readonly string[], more: Record<string, string> = {}, cwd = process.cwd()) {
  const child = spawn(node, args, {
    cwd,
    env: { ...process.env, ENGINE: 'embedded', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (piece) => (text[name] += piece));
  return { child, ended: once(child, 'close').then(([code, signal]) => ({ code, signal, ...text })) };
}

/** Runs the command like npx starts it. */
const startBin = (args: readonly string[], more?: Record<string, string>) => start(...called(product.bin, args), more);

/** Runs the command on a Node binary, copied to a separate folder, that reports version 20. */
async function onOlderNode(args: readonly string[]) {
  const node = join(await folder(), 'node');
  await copyFile(process.execPath, node, constants.COPYFILE_FICLONE);
  return start(node, ['--import', OLDER, COMMAND, ...args]);
}

async function script(text: string): Promise<string> {
  const path = join(await folder(), 'script.js');
  await writeFile(path, text);
  return path;
}

test("compiled modules are kept in the user's own cache folder, for this process and its children", async () => {
  const home = await folder();
  const { ended } = startBin(['--version'], { NODE_COMPILE_CACHE: '', XDG_CACHE_HOME: home });
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
  const [cache = ''] = await readdir(join(home, 'proofload'));
  expect((await readdir(join(home, 'proofload', cache))).length).toBeGreaterThan(10);
});

test('on an older Node version, the command runs with the installed package `node`', async () => {
  const { ended } = await onOlderNode(['list']);
  expect(await ended).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: expect.stringContaining('chaos/outage'),
  });
});

test('on an older Node version, the exit code is that of the command', async () => {
  const { ended } = await onOlderNode(['show', 'nightly']);
  expect(await ended).toMatchObject({ code: 2, stderr: expect.stringContaining('RUN_NOT_FOUND') });
});

test('on an older Node version, a signal reaches the command, which shuts down cleanly', async () => {
  const waits = await script('import { sleep } from "k6"; export default () => { console.log("begun"); sleep(50); };');
  const { child, ended } = await onOlderNode(['run', '--duration', '60s', waits]);
  await new Promise<void>((found) => child.stderr.on('data', (text) => /begun/.test(String(text)) && found()));
  child.kill('SIGTERM');
  expect((await ended).code).toBe(105);
});

test('on an older Node version, a script ends when the process that started it is killed', async () => {
  const copy = join(await folder(), 'node');
  await copyFile(process.execPath, copy, constants.COPYFILE_FICLONE);
  const path = await script("import { sleep } from 'k6'; export default () => { console.log('begun'); sleep(60) };");
  const starter = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.argv[1], process.argv.slice(2), { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.once('data', () => process.kill(process.pid, 'SIGKILL'));`;
  const { ended } = start(process.execPath, ['-e', starter, copy, '--import', OLDER, COMMAND, 'run', path]);
  expect(await ended).toMatchObject({ signal: 'SIGKILL' });
  await eventually(async () => expect(await processes(path)).toEqual([]));
});

test('the command ends with npx, which passes SIGTERM only to the shell that it runs the command in', async () => {
  const waits = await script('import { sleep } from "k6"; export default () => { console.log("begun"); sleep(50); };');
  // The engine also ends with its parent if another program reads its output, so it writes to a file.
  const log = join(await folder(), 'log');
  const args = ['-c', '"$@" 2>"$LOG"; :', 'sh', process.execPath, COMMAND, 'run', '--duration', '60s', waits];
  const { child } = start('sh', args, { npm_lifecycle_event: 'npx', LOG: log });
  const says = (text: string) => eventually(async () => expect(await readFile(log, 'utf8')).toContain(text));
  await says('begun');
  child.kill('SIGTERM');
  await says("the engine received a 'terminated' signal");
});

test.each([
  ['npm/11.0.0 node/v20.20.2', false, 'Install it: npm i -D node@24'],
  ['pnpm/10.0.0 npm/?', false, 'Install it: pnpm add -D --allow-build=node node@npm:node@24'],
  [
    'npm/11.0.0',
    true,
    'The package node is installed, but its install script did not run: npm rebuild node --ignore-scripts=false',
  ],
  ['pnpm/10.0.0', true, 'The package node is installed, but its install script did not run: pnpm approve-builds'],
])(
  'without a newer Node version, the command explains to %s how to get one (package node installed: %s)',
  async (agent, isInstalled, how) => {
    const copy = await folder();
    await mkdir(join(copy, 'bin'));
    await copyFile(COMMAND, join(copy, 'bin', 'proofload.js'));
    await writeFile(join(copy, 'package.json'), '{"type":"module"}');
    if (isInstalled) {
      await mkdir(join(copy, 'node_modules', 'node'), { recursive: true });
      await writeFile(join(copy, 'node_modules', 'node', 'package.json'), '{}');
    }
    const more = { npm_config_user_agent: agent };
    const { ended } = start(process.execPath, ['--import', OLDER, join(copy, 'bin', 'proofload.js')], more, copy);
    const stderr = `USAGE: this is Node 20.20.2; proofload needs 24 or newer. ${how}\n`;
    expect(await ended).toEqual({ code: 2, signal: null, stdout: '', stderr });
  },
);

test('a k6 script runs with the flags of k6', async () => {
  const path = await script('export const options = { vus: 9 }; export default () => console.log("once");');
  const { ended } = startBin(['run', '--vus', '2', '--iterations', '2', '--quiet', path]);
  const { code, stderr } = await ended;
  expect({ code, times: stderr.split('msg="once"').length - 1 }).toEqual({ code: 0, times: 2 });
});

test('with ENGINE=k6, k6 runs a script, and its exit code is that of the command', async () => {
  const k6 = join(await folder(), 'k6');
  await writeFile(k6, '#!/bin/sh\necho "$@"; exit 99', { mode: 0o700 });
  const path = await script('');
  const more = { ENGINE: 'k6', K6_BIN: k6 };
  const { ended } = startBin(['run', '--vus', '2', path], more);
  expect(await ended).toEqual({ code: 99, signal: null, stdout: `run --vus 2 ${path}\n`, stderr: '' });
  const missing = startBin(['run', path], { ...more, K6_BIN: '/nowhere/k6' });
  expect(await missing.ended).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^ENGINE_NOT_FOUND: .*\/nowhere\/k6/),
  });
});

test.each(['--command', '--contract'])('a script after %s is not run as a k6 script', async (option) => {
  const { ended } = startBin(['run', 'nowhere', option, await script('')]);
  expect(await ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/^(USAGE|CONTRACT_\w+|SCENARIO_\w+): /) });
});
