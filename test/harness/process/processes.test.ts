import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProc } from '../../../harness/machine/proc.ts';
import { listProcesses } from '../../../harness/machine/process-tree.ts';
import { Child } from '../../../harness/process/child.ts';
import { startUntilReady } from '../../../harness/process/ready-line.ts';
import { Reaper } from '../../../harness/process/reaper.ts';
import { eventually } from '../../support/eventually.ts';
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
  await eventually(() => expect(lines).toEqual(['up']));
  expect(await child.stop(50)).toEqual({ code: null, signal: 'SIGKILL' });
});

test('also terminates the children of a process', async () => {
  const lines: string[] = [];
  const code = "console.log(require('child_process').spawn('sleep', ['60']).pid); setInterval(() => {}, 1000)";
  const child = await Child.start({ command: node(code), onLine: (line) => lines.push(line) });
  await eventually(() => expect(lines).toHaveLength(1));
  await child.stop();
  await eventually(() => expect(isAlive(Number(lines[0]))).toBe(false));
});

test('an isolated process gets the signal alone, and what it leaves behind is killed', async () => {
  const lines: string[] = [];
  const child = `process.on('SIGTERM', () => console.log('told')); setInterval(() => {}, 1000); console.log(process.pid)`;
  const code = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`;
  const parent = await Child.start({ command: node(code), onLine: (line) => lines.push(line), isolated: true });
  await eventually(() => expect(lines).toHaveLength(1));
  expect(await parent.stop()).toEqual({ code: null, signal: 'SIGTERM', left: true });
  expect(lines).toHaveLength(1);
  await eventually(() => expect(isAlive(Number(lines[0]))).toBe(false));
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
  await eventually(() => expect(isAlive(Number(pid))).toBe(false));
  await eventually(() => expect(existsSync(folder)).toBe(false));
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

/** A process that starts another one in another session, which holds the output, and then waits. */
const WITH_DAEMON = (how: string) => `
  const { spawn } = require('child_process');
  const { pid } = spawn('setsid', ['sh', '-c', ${JSON.stringify(how)}], { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log('up');`;
const FOREVER = 'setInterval(() => {}, 1000);';

/** The processes that run with this text as an argument. Others may end while they are read. */
const runningWith = (text: string) => listProcesses().filter(({ pid }) => readProc(`${pid}/cmdline`)?.includes(text));

describe.runIf(process.platform === 'linux').each([
  ['holds the output', 'sleep SECONDS'],
  ['ignores SIGTERM', 'trap "" TERM; sleep SECONDS'],
  ['has closed the output', 'exec >&- 2>&-; sleep SECONDS'],
  ['has forked twice', '(setsid sleep SECONDS &) ; exit 0'],
  ['has ignored SIGTERM and closed the output', 'trap "" TERM HUP; exec >&- 2>&-; setsid sleep SECONDS & exit 0'],
])('a descendant in another session that %s', (_, how) => {
  // The time of the sleep tells it apart from others.
  const seconds = () => String(100_000 + Math.floor(Math.random() * 800_000));

  test('ends when the process is stopped', async () => {
    const time = seconds();
    const lines: string[] = [];
    const command = node(WITH_DAEMON(how.replace('SECONDS', time)) + FOREVER);
    const child = await Child.start({ command, onLine: (line) => lines.push(line) });
    await eventually(() => expect(runningWith(time).some(({ name }) => name === 'sleep')).toBe(true));
    expect(await child.stop(200)).toEqual({ code: null, signal: 'SIGTERM' });
    await eventually(() => expect(runningWith(time)).toEqual([]));
  });

  test.skipIf(how.includes('trap'))('ends after the process was killed', async () => {
    const time = seconds();
    const child = await Child.start({ command: node(WITH_DAEMON(how.replace('SECONDS', time)) + FOREVER) });
    await eventually(() => expect(runningWith(time).some(({ name }) => name === 'sleep')).toBe(true));
    process.kill(child.pid, 'SIGKILL');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await eventually(() => expect(runningWith(time)).toEqual([]));
  });
});

test.runIf(process.platform === 'linux')(
  'a child in another session that has overwritten its variables ends',
  async () => {
    const time = String(100_000 + Math.floor(Math.random() * 800_000));
    const code = WITH_DAEMON(`exec env -i sleep ${time}`) + FOREVER;
    const child = await Child.start({ command: node(code), isolated: true });
    await eventually(() => expect(runningWith(time).some(({ name }) => name === 'sleep')).toBe(true));
    expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM', left: true });
    await eventually(() => expect(runningWith(time)).toEqual([]));
  },
);

test('what holds the output and can not be found does not keep a process from ending', async () => {
  const time = String(100_000 + Math.floor(Math.random() * 800_000));
  const code = WITH_DAEMON(`env -i setsid sleep ${time} & exit`) + FOREVER;
  const child = await Child.start({ command: node(code) });
  await eventually(() => expect(runningWith(time).some(({ name }) => name === 'sleep')).toBe(true));
  expect(await child.stop(200)).toEqual({ code: null, signal: 'SIGTERM' });
  for (const { pid } of runningWith(time)) process.kill(pid, 'SIGKILL');
});

test('a group that finishes its work after its leader has ended may use the grace period', async () => {
  const lines: string[] = [];
  const slow =
    "process.on('SIGTERM', () => setTimeout(() => { console.log('finished'); process.exit(); }, 300)); console.log('up'); setInterval(() => {}, 1000);";
  const code = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(slow)}], { stdio: 'inherit' }); ${FOREVER}`;
  const child = await Child.start({ command: node(code), onLine: (line) => lines.push(line) });
  await eventually(() => expect(lines).toEqual(['up']));
  await child.stop();
  expect(lines).toEqual(['up', 'finished']);
});

test('a reaper that was killed is replaced by one that knows the same, and ends', async () => {
  const harness = (folder: string) => `
    import { Reaper } from '${import.meta.resolve('../../../harness/process/reaper.ts')}';
    const reaper = new Reaper();
    reaper.rememberFolder('${folder}');
    process.on('SIGUSR2', async () => { await reaper[Symbol.asyncDispose](); process.exit(7); });
    console.log('up');
    setInterval(() => {}, 1000);`;
  const start = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'proofload-reaper-'));
    const child = spawn(process.execPath, ['--input-type=module', '-e', harness(folder)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const reapers = () => listProcesses().filter(({ parent }) => parent === child.pid);
    for (let nth = 1; nth <= 2; nth += 1) {
      const [before] = await eventually(() => {
        expect(reapers()).toHaveLength(1);
        return reapers();
      });
      process.kill(before?.pid ?? 0, 'SIGKILL');
      await eventually(() => expect(reapers().filter(({ pid }) => pid !== before?.pid)).toHaveLength(1));
    }
    return { child, folder, reapers };
  };
  const { child, reapers } = await start();
  for (const { pid } of reapers()) process.kill(pid, 'SIGKILL');
  child.kill('SIGUSR2');
  expect(await once(child, 'exit')).toEqual([7, null]);
  const other = await start();
  other.child.kill('SIGKILL');
  await eventually(() => expect(existsSync(other.folder)).toBe(false));
});
