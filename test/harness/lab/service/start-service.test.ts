import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
require('http').createServer((request, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');`;

const TARGETS = { secrets: [{ name: 'API_KEY', forms: ['sk-4f8a1c2e'] }], folders: [] };

/** Starts that service, restarts it, and returns the events of the search. */
async function logOf(process?: number, wire?: { line(line: string): string }): Promise<HistoryEvent[]> {
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
      environment: { PORT: String(port), API_KEY: 'sk-4f8a1c2e' },
    },
    port,
    process,
    leakTargets: TARGETS,
    wire,
  });
  await service.restart('SIGTERM');
  await service[Symbol.asyncDispose]();
  const file = process === undefined ? 'service.log' : `service-${process}.log`;
  await eventually(async () => expect(await readFile(join(folder, file), 'utf8')).toMatch(/^(?:.*\n){4}$/));
  return events.filter(({ type }) => type === 'leak' || type === 'count');
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
