import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLogTail } from '../../../harness/report/log-tails.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofload-logs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const numbers = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);

test('the last 20 non-empty lines of a log are read', async () => {
  await writeFile(join(folder, 'service.log'), `${numbers(100).join('\n\n')}\n`);
  expect(await readLogTail(folder)).toEqual(numbers(100).slice(-20));
});

test('only the end of a huge log is read, and no truncated line is shown', async () => {
  await writeFile(join(folder, 'service.log'), `${'x'.repeat(1_000_000)}\n${'y'.repeat(10)}\n`);
  expect(await readLogTail(folder)).toEqual(['y'.repeat(10)]);
});

test('lines of several processes begin with the name of their log', async () => {
  await writeFile(join(folder, 'service.log'), 'a\n');
  await writeFile(join(folder, 'service-2.log'), 'b\n');
  expect(await readLogTail(folder)).toEqual(['service-2.log: b', 'service.log: a']);
});

test('a folder without logs and a missing folder have no lines', async () => {
  expect(await readLogTail(folder)).toEqual([]);
  expect(await readLogTail(join(folder, 'none'))).toEqual([]);
});
