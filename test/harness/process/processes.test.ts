import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Child } from '../../../harness/process/child.ts';
import { startUntilReady } from '../../../harness/process/ready-line.ts';
import { Reaper } from '../../../harness/process/reaper.ts';
import { isAlive } from '../../support/is-alive.ts';

const node = (code: string) => [process.execPath, '-e', code];
const DEAF = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";

test('terminates a process that handles SIGTERM', async () => {
  const child = await Child.start({ command: node('setInterval(() => {}, 1000)') });
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
});

test('kills a process that ignores SIGTERM after the grace period', async () => {
  const lines: string[] = [];
  const child = await Child.start({ command: node(DEAF), onLine: (line) => lines.push(line) });
  await vi.waitFor(() => expect(lines).toEqual(['up']));
  expect(await child.stop(50)).toEqual({ code: null, signal: 'SIGKILL' });
});

test('also terminates the children of a process', async () => {
  const lines: string[] = [];
  const code = "console.log(require('child_process').spawn('sleep', ['60']).pid); setInterval(() => {}, 1000)";
  const child = await Child.start({ command: node(code), onLine: (line) => lines.push(line) });
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  await child.stop();
  await vi.waitFor(() => expect(isAlive(Number(lines[0]))).toBe(false));
});

test('an isolated process gets the signal alone, and what it leaves behind is killed', async () => {
  const lines: string[] = [];
  const child = `process.on('SIGTERM', () => console.log('told')); setInterval(() => {}, 1000); console.log(process.pid)`;
  const code = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`;
  const parent = await Child.start({ command: node(code), onLine: (line) => lines.push(line), isolated: true });
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  expect(await parent.stop()).toEqual({ code: null, signal: 'SIGTERM', left: true });
  expect(lines).toHaveLength(1);
  await vi.waitFor(() => expect(isAlive(Number(lines[0]))).toBe(false));
});

test('an isolated process that leaves nothing behind has not left anything', async () => {
  const child = await Child.start({ command: node('setInterval(() => {}, 1000)'), isolated: true });
  expect(await child.stop(5_000, 'SIGQUIT')).toEqual({ code: null, signal: 'SIGQUIT' });
});

test('an unknown command is an error', async () => {
  await expect(Child.start({ command: ['no-such-command'] })).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a process that exits before it is ready is an error with its output', async () => {
  const command = node("console.error('no port left'); process.exit(3)");
  await expect(startUntilReady({ command })).rejects.toMatchObject({
    message: 'ended with exit code 3 before it was ready',
    output: ['no port left'],
  });
});

test('the remains of a killed harness are removed, and processes that have exited are ignored', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'proofload-reaper-'));
  const kept = mkdtempSync(join(tmpdir(), 'proofload-reaper-'));
  const code = `
    import { Reaper } from '${import.meta.resolve('../../../harness/process/reaper.ts')}';
    import { Child } from '${import.meta.resolve('../../../harness/process/child.ts')}';
    const reaper = new Reaper();
    reaper.rememberFolder('${folder}');
    reaper.rememberFolder('${kept}');
    reaper.forgetFolder('${kept}');
    const child = await Child.start({ command: ['sleep', '60'], reaper });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const harness = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await once(harness.stdout.setEncoding('utf8'), 'data');
  expect(isAlive(Number(pid))).toBe(true);
  harness.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(Number(pid))).toBe(false), 5_000);
  await vi.waitFor(() => expect(existsSync(folder)).toBe(false), 5_000);
  expect(existsSync(kept)).toBe(true);
  rmdirSync(kept);
});

test('a reaper has nothing to do after a normal exit of the harness', async () => {
  const child = await (async () => {
    await using reaper = new Reaper();
    const started = await Child.start({ command: ['sleep', '60'], reaper });
    reaper.forgetProcess(started.pid);
    return started;
  })();
  expect(isAlive(child.pid)).toBe(true);
  await child.stop();
});
