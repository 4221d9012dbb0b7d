import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { Fakes } from '../../../harness/lab/fakes.ts';
import { asAdmin } from '../../../harness/lab/postgres/database.ts';
import { startEmbedded } from '../../../harness/lab/postgres/embedded-process.ts';
import { listProcesses } from '../../../harness/machine/process-tree.ts';
import { Reaper } from '../../../harness/process/reaper.ts';
import { oneOfEachKind } from '../../../mocks/declared-upstream.ts';
import { eventually } from '../../support/eventually.ts';

test('if the process of PostgreSQL is killed, the server and its files are removed, and its end is known', async () => {
  await using reaper = new Reaper();
  await using postgres = await startEmbedded('for a test', [], reaper);
  const data = await asAdmin(postgres.adminUrl, async (client) => {
    const { rows } = await client.query('SHOW data_directory');
    return (rows as { data_directory: string }[])[0]?.data_directory ?? '';
  });
  expect(existsSync(data)).toBe(true);
  const isOfServer = ({ parent }: { parent: number }) => parent === postgres.pid;
  const [server] = listProcesses().filter(isOfServer);
  const all = listProcesses().filter(({ pid, parent }) => [pid, parent].includes(server?.pid ?? 0));
  expect(all.length).toBeGreaterThan(2);
  process.kill(postgres.pid ?? 0, 'SIGKILL');
  await eventually(() => expect(existsSync(dirname(data))).toBe(false));
  expect(postgres.gone?.()).toBe('its process ended with SIGKILL');
  const left = () =>
    listProcesses().filter(({ pid, started }) =>
      all.some((before) => before.pid === pid && before.started === started),
    );
  await eventually(() => expect(left()).toEqual([]));
});

test('if the server is killed, its end is known, unless the lab has ended it', async () => {
  await using reaper = new Reaper();
  await using postgres = await startEmbedded('for a test', [], reaper);
  await postgres.crash();
  await postgres.restart();
  expect(postgres.gone?.()).toBeUndefined();
  const [server] = listProcesses().filter(({ parent }) => parent === postgres.pid);
  process.kill(server?.pid ?? 0, 'SIGKILL');
  await eventually(() => expect(postgres.gone?.()).toBe('the server ended with SIGKILL'));
});

test('if the fakes are killed, their folder is removed', async () => {
  await using reaper = new Reaper();
  const fakes = await Fakes.start(oneOfEachKind, {}, reaper);
  expect(existsSync(fakes.ca)).toBe(true);
  process.kill(fakes.pid, 'SIGKILL');
  await expect(fakes.lastReceipt()).rejects.toThrow(/FAKES_FAILED|the fakes stopped responding/);
  await fakes[Symbol.asyncDispose]();
  expect(existsSync(dirname(fakes.ca))).toBe(false);
});
