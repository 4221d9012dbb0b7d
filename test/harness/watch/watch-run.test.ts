import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { HistoryEvent, Stall } from '../../../harness/history/events.ts';
import { isStopped, parseProcessorTime } from '../../../harness/machine/proc.ts';
import { StallLog } from '../../../harness/watch/stall-log.ts';
import { watchRun } from '../../../harness/watch/watch-run.ts';
import { eventually } from '../../support/eventually.ts';
import { REAL_TIME } from '../../support/real-time.ts';

const CPU = 'cpu  10 20 30 40 50 60 70 80 90 100';

test.each([
  [`${CPU}\ncpu0 1 2 3`, { total: 360, used: 140, stolen: 80 }],
  ['cpu  1 2 3 4', undefined],
  ['intr 1 2 3 4 5 6 7 8 9', undefined],
  ['', undefined],
])('reads the CPU time of %j', (text, expected) => {
  expect(parseProcessorTime(text)).toEqual(expected);
});

test.each([
  ['7 (node) T 1 7', true],
  ['7 (node) t 1 7', true],
  ['7 (node) S 1 7', false],
  ['7 (a) T b) R 1 7', false],
])('reports whether %j is stopped', (text, stopped) => {
  expect(isStopped(text)).toBe(stopped);
});

test('reports each long pause, and at the end the longest of the others', () => {
  const seen: HistoryEvent[] = [];
  {
    using log = new StallLog('lab', (event) => seen.push(event));
    for (const ms of [5, 20, 25, 15, 350]) log.see(ms);
    expect(seen).toMatchObject([{ ms: 25 }, { ms: 350 }]);
  }
  expect(seen).toMatchObject([{ ms: 25 }, { ms: 350 }, { type: 'stall', of: 'lab', ms: 20 }]);
});

test(
  'reports a process that was stopped for 300 ms, and records the processes that it watched',
  REAL_TIME,
  async () => {
    const child = spawn('sleep', ['60']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const stalls: Stall[] = [];
    const watch = watchRun(child.pid ?? 0, {}, (event) => void (event.type === 'stall' && stalls.push(event)));
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGCONT');
    const stopped = () => stalls.find(({ of, ms }) => of === 'generator process' && ms >= 250);
    await eventually(() => expect(stopped()).toBeDefined());
    watch[Symbol.dispose]();
    expect(stalls.map(({ of }) => of)).toContain('lab');
  },
);
