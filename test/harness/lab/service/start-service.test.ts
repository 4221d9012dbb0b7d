import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secrets } from '../../../../harness/base/secrets.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { startService } from '../../../../harness/lab/service/start-service.ts';
import { freePort } from '../../../../harness/process/readiness.ts';
import { Reaper } from '../../../../harness/process/reaper.ts';
import { eventually } from '../../../support/eventually.ts';
import { facts } from '../../../support/history.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Logs its key when it starts, and responds to every request. */
const PROGRAM = `
console.log('starting');
console.log('with the key ' + process.env.API_KEY);
for (let n = 0; n < Number(process.env.ERRORS); n += 1) console.log('Error: the key ' + process.env.API_KEY + ' is refused');
require('http').createServer((request, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');`;

const TARGETS = { secrets: [{ name: 'API_KEY', forms: ['sk-4f8a1c2e'] }], folders: [] };

/** Starts that service, restarts it, and returns the events of the search. */
const logOf = async (process?: number, wire?: { line(line: string): string }): Promise<HistoryEvent[]> =>
  (await eventsOf(process, wire)).filter(({ type }) => type === 'leak' || type === 'count');

/** Starts that service, restarts it, and returns all of its events. */
async function eventsOf(process?: number, wire?: { line(line: string): string }, errors = 0): Promise<HistoryEvent[]> {
  const folder = await temporaryFolder();
  await using reaper = new Reaper();
  const port = await freePort();
  const { contract, numbers } = facts();
  const events: HistoryEvent[] = [];
  const service = await startService({
    contract: { ...contract, start: { command: [], readyPath: '/', readySeconds: 10 } },
    numbers,
    history: { add: (event) => events.push(event) },
    folder,
    reaper,
    launch: {
      command: [globalThis.process.execPath, '-e', PROGRAM],
      environment: { PORT: String(port), API_KEY: 'sk-4f8a1c2e', ERRORS: String(errors) },
    },
    port,
    process,
    leakTargets: TARGETS,
    wire,
  });
  await service.restart('SIGTERM');
  await service[Symbol.asyncDispose]();
  const file = process === undefined ? 'service.log' : `service-${process}.log`;
  const lines = 2 * (2 + errors);
  await eventually(async () =>
    expect((await readFile(join(folder, file), 'utf8')).split('\n')).toHaveLength(lines + 1),
  );
  return events;
}

test('the lines of the log are searched and counted, also after a restart', async () => {
  const leak = { type: 'leak', secret: 'API_KEY', of: 'log' };
  expect(await logOf()).toMatchObject([
    { ...leak, line: 2 },
    { type: 'count', of: 'log lines', value: 2 },
    { ...leak, line: 4 },
    { type: 'count', of: 'log lines', value: 4 },
  ]);
});

test('a mutant swallows lines of the log, and adds one that the service did not write', async () => {
  const wire = { line: (line: string) => (line === '' ? 'made up: sk-4f8a1c2e' : '') };
  expect(await logOf(undefined, wire)).toMatchObject([
    { type: 'leak', line: 1 },
    { type: 'count', value: 1 },
    { type: 'count', value: 1 },
  ]);
});

test('events of another process have its number', async () => {
  expect((await logOf(2)).every((event) => 'process' in event && event.process === 2)).toBe(true);
});

test('lines that may say why something failed are recorded, at most ten per second, without secrets', async () => {
  secrets.hide('sk-4f8a1c2e');
  const recorded = (await eventsOf(2, undefined, 30)).filter(({ type }) => type === 'log');
  expect(recorded[0]).toMatchObject({ text: 'Error: the key REDACTED is refused', process: 2 });
  const perSecond = Map.groupBy(recorded, ({ at }) => Math.floor(at / 1_000));
  expect(Math.max(...[...perSecond.values()].map(({ length }) => length))).toBe(10);
});

test.for([
  ['another port', '0', /it listens at port \d+, and not at the lab's port \d+\. Give it \$\{port\}/],
  ['no port', '', /it listens at no port, and not at the lab's port/],
] as const)('a service that listens at %s says so', async ([, port, expected]) => {
  const program = `if ('${port}') require('http').createServer(() => {}).listen(${port || 0}, '127.0.0.1'); setTimeout(() => {}, 60_000);`;
  const { contract, numbers } = facts();
  await using reaper = new Reaper();
  const start = startService({
    contract: { ...contract, start: { command: [], readyPath: '/', readySeconds: 2 } },
    numbers,
    history: { add() {} },
    folder: await temporaryFolder(),
    reaper,
    launch: { command: [globalThis.process.execPath, '-e', program], environment: {} },
    port: await freePort(),
  });
  await expect(start).rejects.toThrow(expected);
});
