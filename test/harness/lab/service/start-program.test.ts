import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../../../../harness/lab/service/start-program.ts';
import { Reaper } from '../../../../harness/process/reaper.ts';
import { eventually } from '../../../support/eventually.ts';
import { isAlive } from '../../../support/is-alive.ts';

/** Prints its name and its process ID, and then does this. */
const program = (name: string, then = 'setInterval(() => {}, 1_000)'): string[] => [
  process.execPath,
  '-e',
  `console.log('${name}', process.pid); ${then}`,
];

/** Starts a service with a worker. Returns the program and the process IDs by name, once both have started. */
async function start(service: string[], worker: string[]) {
  const reaper = new Reaper();
  onTestFinished(() => reaper[Symbol.asyncDispose]());
  const pids: Record<string, number> = {};
  const launch = { command: service, workers: { worker }, environment: {} };
  const started = await startProgram(launch, reaper, (line) => {
    const [name = '', pid] = line.split(' ');
    pids[name] = Number(pid);
  });
  await eventually(() => expect(Object.keys(pids).sort()).toEqual(['service', 'worker']));
  return { started, pids };
}

test('a worker runs beside the service, with its settings, and ends with it', async () => {
  const { started, pids } = await start(program('service'), program('worker'));
  expect(started).toMatchObject({ running: true, pid: pids.service, workers: [pids.worker] });
  expect(await started.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  expect(started.running).toBe(false);
  expect([pids.service, pids.worker].map((pid) => isAlive(pid as number))).toEqual([false, false]);
});

test('a service whose worker ends by itself has ended as well, in the way of the worker', async () => {
  const { started, pids } = await start(
    program('service'),
    program('worker', 'setTimeout(() => process.exit(7), 200)'),
  );
  expect(await started.exited).toEqual({ code: 7, signal: null });
  expect(isAlive(pids.service as number)).toBe(false);
});

test('a worker ends if the service can not be started', async () => {
  await using reaper = new Reaper();
  let pid = 0;
  const workers = { worker: [...program('worker')] };
  const starting = startProgram({ command: ['no-such-command'], workers, environment: {} }, reaper, (line) => {
    pid = Number(line.split(' ')[1]);
  });
  await expect(starting).rejects.toMatchObject({ code: 'ENOENT' });
  expect(pid === 0 || !isAlive(pid)).toBe(true);
});
