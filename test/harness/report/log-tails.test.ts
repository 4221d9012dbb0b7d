import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLogTail } from '../../../harness/report/log-tails.ts';
import { type Files, temporaryFolder } from '../../support/temporary-folder.ts';

const tailOf = async (logs: Files) => readLogTail(await temporaryFolder(logs));

const numbers = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);

test('the last 20 non-empty lines of a log are read', async () => {
  expect(await tailOf({ 'service.log': `${numbers(100).join('\n\n')}\n` })).toEqual(numbers(100).slice(-20));
});

test('only the end of a huge log is read, and no truncated line is shown', async () => {
  expect(await tailOf({ 'service.log': `${'x'.repeat(1_000_000)}\n${'y'.repeat(10)}\n` })).toEqual(['y'.repeat(10)]);
});

test('lines of several processes begin with the name of their log', async () => {
  const logs = { 'service.log': 'a\n', 'service-2.log': 'b\n' };
  expect(await tailOf(logs)).toEqual(['service-2.log: b', 'service.log: a']);
});

test('a folder without logs and a missing folder have no lines', async () => {
  expect(await tailOf({})).toEqual([]);
  expect(await readLogTail(join(await temporaryFolder(), 'none'))).toEqual([]);
});
