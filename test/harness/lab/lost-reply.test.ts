import { expect, test } from 'vitest';
import { failureOf, useBrokenDatabase } from './broken-database.ts';

const lab = useBrokenDatabase();

const stored = async (): Promise<number[]> => {
  await using admin = await lab.database.direct();
  return (await admin.query('SELECT id FROM events ORDER BY id')).rows.map(({ id }) => id);
};

test('a commit whose reply is lost is stored, and its client sees a reset', async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'lost-reply', next: 1 });
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  expect(await failureOf(client.query('INSERT INTO events VALUES ($1)', [7]))).toBe('ECONNRESET');
  expect(await stored()).toEqual([7]);
  expect(await lab.database.lastFault()).toMatchObject({ state: 'spent', disrupted: 1 });
  expect(lab.database.receiptsOf('f1:lost-reply')).toMatchObject([{ kind: 'connection', outcome: 'reset' }]);
  await using next = await lab.database.connect();
  await next.query('INSERT INTO events VALUES (8)');
  expect(await stored()).toEqual([7, 8]);
});

test('a transaction loses the reply to its commit, not those before', async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'lost-reply' });
  await client.query('BEGIN');
  expect((await client.query('INSERT INTO events VALUES (1) RETURNING id')).rows).toEqual([{ id: 1 }]);
  expect(await failureOf(client.query('COMMIT'))).toBe('ECONNRESET');
  expect(await stored()).toEqual([1]);
});

test('after healing, replies arrive', async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'lost-reply' });
  await lab.database.heal();
  await client.query('INSERT INTO events VALUES (3)');
  expect(await stored()).toEqual([3]);
});
