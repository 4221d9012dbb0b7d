import { expect, onTestFinished, test } from 'vitest';
import { recentAnalyses } from '../../../service/storage/events.ts';
import type { Database } from '../../../service/storage/pool.ts';
import { CONVERSATION, refusal, startApp } from '../support/test-app.ts';
import { useDatabase } from '../support/use-database.ts';

const server = useDatabase();

test('a user can only read their own events', async () => {
  await using app = await startApp({ database: server.openPool() });
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

test('reads the analyses of a user without scanning pending events', async () => {
  const database = server.openPool();
  onTestFinished(() => database.close());
  await database.query(
    `INSERT INTO conversation_events (user_id, conversation_id, messages, analysis)
     SELECT 'grace', n::text, '[]', CASE WHEN n <= 3 THEN 'swims ' || n END FROM generate_series(1, 5000) AS n`,
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
  expect(await recentAnalyses(database, 'grace')).toEqual(['swims 3', 'swims 2', 'swims 1']);
  const plan = (await recentAnalyses(explained, 'grace')).join('\n');
  expect(plan).toContain('rows=3');
  expect(plan).not.toContain('Removed by Filter');
});
