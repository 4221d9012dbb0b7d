import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { parseUsedTime, processorTime } from '../../../harness/machine/processor-time.ts';

test('adds up the time of a process and of the children that it has waited for, in milliseconds', () => {
  expect(parseUsedTime('42 (a name) with)) S 1 1 1 0 -1 0 9 9 9 9 100 20 3 4 20 0 11 0')).toBe(1_270);
  expect(parseUsedTime('')).toBeUndefined();
});

test.runIf(process.platform === 'linux')('counts the time of child processes as well', async () => {
  const burn = "require('fs').writeSync(1, 'x'); while (process.cpuUsage().user < 150_000);";
  const child = spawn('node', [
    '-e',
    `require('child_process').spawnSync('node', ['-e', ${JSON.stringify(burn)}]);
    console.log(1); setTimeout(() => {}, 60_000)`,
  ]);
  try {
    await once(child.stdout, 'data');
    expect(processorTime(child.pid ?? 0)).toBeGreaterThanOrEqual(100);
  } finally {
    child.kill();
  }
});

test('knows nothing about a process that does not exist', () => {
  expect(processorTime(2 ** 30)).toBeUndefined();
});
