import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { BrokenDatabase, ended, failureOf, isPending, useBrokenDatabase } from './broken-database.ts';

const lab = useBrokenDatabase();

test('a locked table makes queries wait until it is healed', async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'lock' });
  const query = client.query('SELECT * FROM events');
  expect(await isPending(query, 200)).toBe(true);
  expect(lab.database.receiptsOf('f1:lock')).toMatchObject([{ kind: 'acting', endedAt: null }]);
  await lab.database.heal();
  await query;
  expect(lab.database.receiptsOf('f1:lock')).toMatchObject([{ endedAt: expect.any(Number) }]);
});

test('slots are taken until the given number is left, and then released', async () => {
  await lab.database.inject({ kind: 'slots', leave: 2 });
  await using client = await lab.database.connect();
  await using two = await lab.database.connect();
  await Promise.all([client.query('SELECT 1'), two.query('SELECT 1')]);
  expect(await failureOf(lab.database.connect())).toBe('53300');
  const { healed } = await lab.database.heal();
  expect(healed[0].disrupted).toBeGreaterThan(80);
  await eventually(async () => await (await lab.database.connect()).end());
});

test('terminate ends the given number of backends immediately, with a receipt for each', async () => {
  const clients = await Promise.all([lab.database.connect(), lab.database.connect(), lab.database.connect()]);
  const fault = await lab.database.inject({ kind: 'terminate', next: 2 });
  expect(fault).toMatchObject({ state: 'spent', seen: 2, disrupted: 2 });
  await eventually(async () => expect(await lab.database.backends()).toBe(1));
  const failures = await Promise.allSettled(clients.map((client) => client.query('SELECT 1')));
  expect(failures.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  expect(lab.database.receiptsOf('f1:terminate')).toHaveLength(2);
  await eventually(() =>
    expect(lab.database.connections.filter(({ outcome }) => outcome === 'server-gone')).toHaveLength(2),
  );
  await Promise.all(clients.map((client) => client.end()));
});

const whySkipped = process.env.POSTGRES?.startsWith('postgres')
  ? 'POSTGRES is the URL of a server that is not ours'
  : undefined;
if (whySkipped) console.log(`skipped: stop and restart; ${whySkipped}`);

test.skipIf(whySkipped)('a stopped server refuses connections, and keeps its data until it is healed', async () => {
  await using client = await lab.database.connect();
  await client.query('INSERT INTO events VALUES (7)');
  const gone = ended(client);
  await lab.database.inject({ kind: 'stop' });
  await gone;
  expect(await failureOf(lab.database.connect())).toBe('ECONNREFUSED');
  expect(await failureOf(lab.database.direct())).toBe('ECONNREFUSED');
  expect(await failureOf(lab.database.inject({ kind: 'lock' }))).toBe('fault-failed');
  expect(lab.database.receiptsOf('f1:stop')).toMatchObject([{ kind: 'refusing', endedAt: null }]);
  expect((await lab.database.control('GET')).faults).toMatchObject([{ id: 'f1', state: 'active', disrupted: 1 }]);
  await lab.database.heal();
  await using again = await lab.database.connect();
  expect((await again.query('SELECT * FROM events')).rows).toEqual([{ id: 7 }]);
});

test.skipIf(whySkipped)(
  'a restart is over when it answers, and two stops that overlap end with the later',
  async () => {
    await using lost = await lab.database.connect();
    const fault = await lab.database.inject({ kind: 'restart', downMilliseconds: 100 });
    expect(fault).toMatchObject({ kind: 'restart', state: 'spent', disrupted: 1 });
    expect(await failureOf(lost.query('SELECT 1'))).not.toBe('');
    await using again = await lab.database.connect();
    expect((await again.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    const { id } = await lab.database.inject({ kind: 'stop' });
    await lab.database.inject({ kind: 'stop' });
    await lab.database.control('DELETE', `/${id}`);
    expect(await failureOf(lab.database.direct())).toBe('ECONNREFUSED');
    await lab.database.heal();
    await using _last = await lab.database.connect();
  },
);

test('disposal first heals everything: a stopped server runs again', async () => {
  const other = await BrokenDatabase.on(lab.server);
  await other.inject({ kind: 'lock' });
  if (!whySkipped) await other.inject({ kind: 'stop' });
  await other.inject({ kind: 'blackhole' });
  await other[Symbol.asyncDispose]();
  await using client = await lab.database.connect();
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
