import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { ProcFiles } from '../../../harness/machine/proc-files.ts';

const isLinux = existsSync('/proc/self/fd');
if (!isLinux) console.log('skipped: this system has no /proc');

/** Returns how many files of a process this process has open. */
const openFilesOf = (pid: number): number =>
  readdirSync('/proc/self/fd').filter((file) => {
    try {
      return readlinkSync(`/proc/self/fd/${file}`).startsWith(`/proc/${pid}/`);
    } catch {
      return false; // the folder itself, which was open while it was listed
    }
  }).length;

function start() {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, pid: child.pid as number };
}

test.runIf(isLinux)('reads the current content of a file that it keeps open', () => {
  using files = new ProcFiles();
  files.begin();
  const first = files.read('self/schedstat');
  files.begin();
  const { pid } = start();
  expect(files.read('self/schedstat')).not.toBe(first);
  files.read(`${pid}/stat`);
  files.read(`${pid}/stat`);
  expect(openFilesOf(pid)).toBe(1);
});

test.runIf(isLinux)('closes files that are not read any more, and all files at the end', () => {
  const [own, unrelated] = [start().pid, start().pid];
  {
    using files = new ProcFiles();
    for (const pids of [[own, unrelated], [own], [own]]) {
      files.begin();
      for (const pid of pids) files.read(`${pid}/stat`);
    }
    expect([own, unrelated].map(openFilesOf)).toEqual([1, 0]);
  }
  expect(openFilesOf(own)).toBe(0);
});

test.runIf(isLinux)('a process that has ended has no content, and its files are closed', async () => {
  const { child, pid } = start();
  using files = new ProcFiles();
  files.begin();
  expect(files.read(`${pid}/schedstat`)).toMatch(/^\d+ \d+ \d+/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  files.begin();
  expect(files.read(`${pid}/schedstat`)).toBeUndefined();
  expect(openFilesOf(pid)).toBe(0);
});

test('a file that does not exist has no content', () => {
  using files = new ProcFiles();
  expect(files.read('no/such/file')).toBeUndefined();
});
