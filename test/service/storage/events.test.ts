import { expect, onTestFinished, test } from 'vitest';
import { recentAnalyses } from '../../../service/storage/events.ts';
import { createDatabase, type Database } from '../../../service/storage/pool.ts';
import { startPostgres } from '../../support/embedded-postgres.ts';
import { recordLog } from '../support/log-recorder.ts';
import { migrated } from '../support/migrated.ts';
import { CONVERSATION, refusal, startApp } from '../support/test-app.ts';

test('a user reads only their own events, and learns nothing of others’', { timeout: 30_000 }, async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres[Symbol.asyncDispose]());
  const url = await postgres.createDatabase();
  await migrated(url);
  const options = { url, poolMax: 2, queueMax: 5, acquireTimeoutMs: 2000, statementTimeoutMs: 2000 };
  await using app = await startApp({ database: createDatabase(options, recordLog().logger) });
  await app.post('/v1/conversations/end', CONVERSATION);

  const hidden = await app.get('/v1/conversations/c-1', 'eve');
  const absent = await app.get('/v1/conversations/c-2', 'eve');
  expect(await refusal(hidden.clone())).toMatchObject({ status: 404, code: 'not_found' });
  expect(await hidden.text()).toBe((await absent.text()).replace('c-2', 'c-1'));

  await app.post('/v1/conversations/end', { ...CONVERSATION, user_id: 'eve' }, 'eve');
  for (const user of ['ada', 'eve']) {
    const { events } = (await (await app.get('/v1/conversations/c-1', user)).json()) as {
      events: { user_id: string }[];
    };
    expect(events.map(({ user_id }) => user_id)).toEqual([user]);
  }
});

test('a user’s analyses are found without reading through what is pending', { timeout: 30_000 }, async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres[Symbol.asyncDispose]());
  const url = await postgres.createDatabase();
  await migrated(url);
  const options = { url, poolMax: 2, queueMax: 5, acquireTimeoutMs: 2000, statementTimeoutMs: 2000 };
  const database = createDatabase(options, recordLog().logger);
  onTestFinished(() => database.close());
  await database.query(
    `INSERT INTO conversation_events (user_id, conversation_id, messages, analysis)
     SELECT 'ada', n::text, '[]', CASE WHEN n <= 3 THEN 'swims ' || n END FROM generate_series(1, 5000) AS n`,
    [],
  );
  await database.query('ANALYZE conversation_events', []);
  const explained: Database = {
    ...database,
    async query<Row>(statement: string, values: readonly unknown[]) {
      const plan = await database.query(`EXPLAIN ANALYZE ${statement}`, values);
      return plan.map((line) => ({ analysis: line['QUERY PLAN'] })) as Row[];
    },
  };
  expect(await recentAnalyses(database, 'ada')).toEqual(['swims 3', 'swims 2', 'swims 1']);
  const plan = (await recentAnalyses(explained, 'ada')).join('\n');
  expect(plan).toContain('rows=3');
  expect(plan).not.toContain('Removed by Filter');
});
