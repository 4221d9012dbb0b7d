import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Starved } from '../../../harness/history/events.ts';
import { parseRunDelay, RunDelay } from '../../../harness/watch/run-delay.ts';
import { watchStarvation } from '../../../harness/watch/watch-starvation.ts';

const tells = existsSync(`/proc/${process.pid}/task/${process.pid}/schedstat`);
if (!tells) console.log('skipped: this system does not tell how long a thread waits for a processor');

/** Starts a process, or a shell with children, that is killed at the end of the test. */
async function start(command: string, ...args: string[]): Promise<number> {
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  onTestFinished(() => void process.kill(-(child.pid as number), 'SIGKILL'));
  await once(child, 'spawn');
  return child.pid as number;
}

const LOOP = 'while :; do :; done';

test.each([
  ['12 34 5\n', 34],
  ['0 0 0', 0],
  ['', undefined],
  ['12', undefined],
])('reads the run delay of %j', (text, expected) => {
  expect(parseRunDelay(text)).toBe(expected);
});

test("returns nothing for a process that doesn't exist", () => {
  using none = new RunDelay({ pids: () => [], threads: 'all' });
  using unknown = new RunDelay({ pids: () => [2 ** 30], threads: 'main' });
  expect([none.take(), unknown.take()]).toEqual([undefined, undefined]);
});

test.runIf(tells)('a process that has nothing to do waits for no processor', async () => {
  const idle = await start('sleep', '60');
  using delay = new RunDelay({ pids: () => [idle], threads: 'all' });
  expect(delay.take()).toBe(0);
  await pause(100);
  expect(delay.take()).toBeLessThan(20);
});

/** There are twice as many loops as processors, so each of them runs half of the time and waits the other half. */
test.runIf(tells)('tells how long the loop waited that waited longest, those of children too', async () => {
  const loops = 2 * availableParallelism();
  const shell = await start('sh', '-c', `${Array.from({ length: loops }, () => `(${LOOP}) &`).join(' ')} wait`);
  await pause(100);
  using all = new RunDelay({ pids: () => [shell], threads: 'all' });
  using main = new RunDelay({ pids: () => [shell], threads: 'main' });
  all.take();
  main.take();
  await pause(500);
  // This is a quarter of a second if nothing else uses a processor. No loop could have waited longer than the elapsed
  // time.
  const waited = all.take();
  expect(waited).toBeGreaterThan(100);
  expect(waited).toBeLessThan(1_000);
  expect(main.take()).toBeLessThan(100);
});

test.runIf(tells)('a process that comes in the place of another, and one that goes, take nothing away', async () => {
  let pids = [await start('sleep', '60')];
  using delay = new RunDelay({ pids: () => pids, threads: 'all' });
  delay.take();
  pids = [];
  expect(delay.take()).toBe(0);
  pids = [await start('sleep', '60')];
  expect(delay.take()).toBeGreaterThanOrEqual(0);
});

test.runIf(tells)('records whom it watches, and then each wait, none longer than there was time', async () => {
  const loops = 2 * availableParallelism();
  const shell = await start('sh', '-c', `${Array.from({ length: loops }, () => `(${LOOP}) &`).join(' ')} wait`);
  const seen: Starved[] = [];
  {
    const record = (event: unknown) => seen.push(event as Starved);
    using _ = watchStarvation({ service: { pids: () => [shell], threads: 'all' } }, record);
    await pause(450);
  }
  expect(seen[0]).toMatchObject({ type: 'starved', of: 'service', ms: 0 });
  const waits = seen.slice(1);
  expect(waits.length).toBeGreaterThanOrEqual(2);
  for (const [index, { since, at }] of waits.entries()) {
    expect(at).toBeGreaterThan(since);
    expect(since).toBeGreaterThanOrEqual(waits[index - 1]?.at ?? 0);
  }
  expect(waits.reduce((sum, { ms }) => sum + ms, 0)).toBeGreaterThan(100);
});

test("a party that can't be read has no record", async () => {
  const seen: unknown[] = [];
  {
    using _ = watchStarvation({ database: { pids: () => [2 ** 30], threads: 'all' } }, (event) => seen.push(event));
    await pause(120);
  }
  expect(seen).toEqual([]);
});
