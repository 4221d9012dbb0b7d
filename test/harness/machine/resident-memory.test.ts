import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { parseResident, residentMemory } from '../../../harness/machine/resident-memory.ts';

test('reads the resident memory in bytes', () => {
  expect(parseResident('Name:\tnode\nVmHWM:\t  90000 kB\nVmRSS:\t   61440 kB\nThreads:\t11\n')).toBe(62_914_560);
  expect(parseResident('Name:\tkthreadd\n')).toBeUndefined();
});

test.runIf(process.platform === 'linux')('counts the memory of child processes as well', async () => {
  const before = residentMemory(process.pid) ?? 0;
  const child = spawn('node', ['-e', 'console.log(1); setTimeout(() => {}, 60_000)']);
  try {
    await once(child.stdout, 'data');
    expect(residentMemory(process.pid) ?? 0).toBeGreaterThan(before);
    expect(residentMemory(child.pid ?? 0)).toBeGreaterThan(10_000_000);
  } finally {
    child.kill();
  }
});

test('knows nothing about a process that does not exist', () => {
  expect(residentMemory(2 ** 30)).toBeUndefined();
});
