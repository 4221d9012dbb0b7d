import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { familyOf } from '../../../harness/machine/process-tree.ts';
import { Freeze } from '../../../harness/process/freeze.ts';
import { Reaper } from '../../../harness/process/reaper.ts';

/** Starts a shell with a child in its group, and another one that has left it, and returns them. */
async function startFamily() {
  const started = spawn('sh', ['-c', 'sleep 60 & setsid sleep 61 & echo ready; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => kill(started));
  await once(started.stdout as NodeJS.ReadableStream, 'data');
  const leader = started.pid ?? 0;
  await expect.poll(() => familyOf([leader]).filter(({ name }) => name === 'sleep')).toHaveLength(2);
  return { leader, states: () => familyOf([leader]).map(({ isStopped }) => isStopped) };
}

function kill({ pid = 0 }: ChildProcess): void {
  for (const member of familyOf([pid])) process.kill(member.pid, 'SIGKILL');
}

test('stops all processes of a service, also those that have left its group, and continues them', async () => {
  const { leader, states } = await startFamily();
  await using reaper = new Reaper();
  const freeze = await Freeze.begin([leader], reaper);
  expect(states()).toEqual([true, true, true]);
  const frozen = freeze.end();
  expect(frozen).toMatchObject({ processes: 3 });
  expect(frozen.problem).toBeUndefined();
  expect(frozen.until).toBeGreaterThan(frozen.at);
  await expect.poll(states).toEqual([false, false, false]);
  expect(freeze.end()).toBe(frozen);
});

test('names a process that ran in the meantime', async () => {
  const { leader } = await startFamily();
  await using reaper = new Reaper();
  const freeze = await Freeze.begin([leader], reaper);
  process.kill(leader, 'SIGCONT');
  await expect.poll(() => familyOf([leader]).find(({ pid }) => pid === leader)?.isStopped).toBe(false);
  expect(freeze.end().problem).toBe(`not stopped at the end: sh (${leader})`);
});

test('the reaper continues what is still stopped when the harness dies', async () => {
  const { leader, states } = await startFamily();
  const reaper = new Reaper();
  await Freeze.begin([leader], reaper);
  expect(states()).toEqual([true, true, true]);
  // Its input ends, as if the harness had been killed.
  await reaper[Symbol.asyncDispose]();
  await expect.poll(states).toEqual([false, false, false]);
});

test('a service without a process is not stopped', async () => {
  await using reaper = new Reaper();
  const { pid = 0 } = spawn('true');
  await expect.poll(() => familyOf([pid])).toEqual([]);
  await expect(Freeze.begin([pid], reaper)).rejects.toThrow('the service has no process');
});
