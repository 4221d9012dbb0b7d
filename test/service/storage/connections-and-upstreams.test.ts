import { expect, test } from 'vitest';
import type { Database } from '../../../service/storage/pool.ts';
import { CONVERSATION, startApp } from '../support/test-app.ts';
import { useDatabase } from '../support/use-database.ts';

const server = useDatabase();

/** Upstreams that record how many connections are in use during a call. */
function watchingUpstreams(database: Database) {
  const inUse: number[] = [];
  const note = async <T>(answer: T): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    inUse.push(database.stats().in_use);
    return answer;
  };
  return {
    inUse,
    llm: { invoke: () => note('Swim') },
    memory: { extract: () => note('m-1'), search: () => note(['likes water']) },
  };
}

test('stores an event and reads it back', async () => {
  const database = server.openPool({ poolMax: 2 });
  await using app = await startApp({ database });
  const stored = await (await app.post('/v1/conversations/end', CONVERSATION)).json();
  const read = (await (await app.get('/v1/conversations/c-1')).json()) as { events: unknown[] };
  expect(read.events).toContainEqual(stored);
  expect(stored).toMatchObject({ event_id: expect.stringMatching(/^[0-9a-f-]{36}$/), user_id: 'ada' });
});

test.each([
  ['/v1/conversations/end', { ...CONVERSATION, conversation_id: 'c-2' }, 201],
  ['/v1/activities/suggest', { user_id: 'ada' }, 200],
])('%s holds no connection while an upstream is awaited', async (path, body, status) => {
  const database = server.openPool({ poolMax: 2 });
  const { inUse, ...upstreams } = watchingUpstreams(database);
  await using app = await startApp({ database, ...upstreams });
  expect((await app.post(path, body)).status).toBe(status);
  expect(inUse).toEqual([0, 0]);
});
