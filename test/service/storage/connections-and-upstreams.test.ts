import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../../../service/storage/pool.ts';
import { startPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { recordLog } from '../support/log-recorder.ts';
import { migrated } from '../support/migrated.ts';
import { CONVERSATION, startApp } from '../support/test-app.ts';

let postgres: TestPostgres;
let url: string;

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  await migrated(url);
}, 30_000);

afterAll(() => postgres[Symbol.asyncDispose]());

function openPool(poolMax: number): Database {
  const options = { url, poolMax, queueMax: 50, acquireTimeoutMs: 2000, statementTimeoutMs: 30_000 };
  return createDatabase(options, recordLog().logger);
}

/** Upstreams that note how many connections are in use while they are called. */
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
  const database = openPool(2);
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
  const database = openPool(2);
  const { inUse, ...upstreams } = watchingUpstreams(database);
  await using app = await startApp({ database, ...upstreams });
  expect((await app.post(path, body)).status).toBe(status);
  expect(inUse).toEqual([0, 0]);
});

test('twenty calls that wait for the LLM leave the one connection to others', async () => {
  const database = openPool(1);
  const answer = Promise.withResolvers<string>();
  let waiting = 0;
  const invoke = () => {
    waiting += 1;
    return answer.promise;
  };
  await using app = await startApp({ database, llm: { invoke } });
  const calls = Array.from({ length: 20 }, () => app.post('/v1/activities/suggest', { user_id: 'ada' }));
  await expect.poll(() => waiting).toBe(20);
  expect((await app.get('/v1/conversations/c-1')).status).toBe(200);
  answer.resolve('Swim');
  for (const call of calls) expect((await call).status).toBe(200);
});

test('the database gone, the data endpoints answer 503 and /health stays well', async () => {
  const database = createDatabase(
    { url: 'postgres://ada@127.0.0.1:1/none', poolMax: 1, queueMax: 1, acquireTimeoutMs: 200, statementTimeoutMs: 200 },
    recordLog().logger,
  );
  await using app = await startApp({ database });
  const response = await app.get('/v1/conversations/c-1');
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await app.get('/health')).status).toBe(200);
});
