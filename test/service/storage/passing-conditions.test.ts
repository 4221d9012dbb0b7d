import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../../service/storage/connect.ts';
import { migrate } from '../../../service/storage/migrate.ts';
import { createDatabase } from '../../../service/storage/pool.ts';
import { recordLog } from '../support/log-recorder.ts';
import { migrated } from '../support/migrated.ts';
import { CONVERSATION, refusal, startApp } from '../support/test-app.ts';
import { useDatabase } from '../support/use-database.ts';

const server = useDatabase();

/** Starts the service with a new database, and opens a connection as the database's owner. */
async function startService(poolMax = 4) {
  const url = await server.postgres.createDatabase();
  await migrated(url);
  const options = { url, poolMax, queueMax: 50, acquireTimeoutMs: 2000, statementTimeoutMs: 5000 };
  const database = createDatabase(options, recordLog().logger);
  const app = await startApp({ database });
  const owner = await connect(url, { patienceMs: 0 });
  const end = () => app.post('/v1/conversations/end', CONVERSATION);
  return {
    app,
    database,
    owner,
    url,
    end,
    stored: async () => (await owner.query('SELECT attempts FROM conversation_events')).rows,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await owner.end();
    },
  };
}

type Service = Awaited<ReturnType<typeof startService>>;

/**
 * Makes the first `times` inserts of an event run the given PL/pgSQL. A sequence counts them, because it is not
 * affected by rollbacks.
 */
async function trouble({ owner }: Service, doing: string, times = 1_000_000) {
  await owner.query(`
    CREATE SEQUENCE inserts;
    CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('inserts') <= ${times} THEN ${doing} END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER trouble BEFORE INSERT ON conversation_events FOR EACH ROW EXECUTE FUNCTION trouble()`);
  return async () => Number((await owner.query('SELECT last_value FROM inserts')).rows[0].last_value);
}

const raise = (sqlState: string) => `RAISE EXCEPTION USING ERRCODE = '${sqlState}', MESSAGE = 'trouble';`;
const PASSING = '08006 25006 40001 40003 40P01 53100 53200 53300 55006 55P03 57014 57P01 57P03 58000 58030 XX000 XX001';

describe('an insert that fails with', () => {
  // Starting the service costs more than these tests.
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterEach(() =>
    service.owner.query(
      'DROP FUNCTION trouble CASCADE; DROP SEQUENCE inserts; TRUNCATE conversation_events RESTART IDENTITY CASCADE',
    ),
  );
  afterAll(() => service[Symbol.asyncDispose]());

  test.each(PASSING.split(' '))('%s is 503 with Retry-After, and stores nothing', async (code) => {
    await trouble(service, raise(code));
    expect(await refusal(await service.end())).toEqual({ status: 503, code: 'database_unavailable', retryAfter: 1 });
    expect(await service.stored()).toEqual([]);
    await service.owner.query('DROP TRIGGER trouble ON conversation_events');
    expect((await service.end()).status).toBe(201);
  });

  test.each(['22012', '23514', '42703', 'P0001'])('%s is a bug in the service', async (code) => {
    await trouble(service, raise(code));
    expect(await refusal(await service.end())).toMatchObject({ status: 500, code: 'internal_error' });
  });
});

test.each(['40001', '40P01'])('repeats the statement after %s, and stores it once', async (code) => {
  await using service = await startService(1);
  const inserts = await trouble(service, raise(code), 2);
  const pid = async () => (await service.database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid', []))[0]?.pid;
  const before = await pid();
  expect((await service.end()).status).toBe(201);
  expect([await inserts(), await service.stored()]).toEqual([3, [{ attempts: 1 }]]);
  expect(await pid()).toBe(before);
});

test('repeats a statement only a few times', async () => {
  await using service = await startService();
  const inserts = await trouble(service, raise('40001'));
  expect((await service.end()).status).toBe(503);
  expect(await inserts()).toBe(4);
});

test.each([
  ['may have been committed', raise('40003')],
  ['whose connection is lost', 'PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1);'],
])('a statement that %s is not repeated', async (_what, doing) => {
  await using service = await startService();
  const inserts = await trouble(service, doing, 1);
  expect((await service.end()).status).toBe(503);
  expect(await inserts()).toBe(1);
});

test('a read-only database serves reads, fails /ready, and recovers when writable', async () => {
  await using service = await startService();
  const name = new URL(service.url).pathname.slice(1);
  const readOnly = (on: boolean) =>
    service.owner.query(`ALTER DATABASE ${name} SET default_transaction_read_only = ${on ? 'on' : 'off'}`);
  await readOnly(true);
  expect((await service.app.get('/v1/conversations/c-1')).status).toBe(404);
  expect(await refusal(await service.end())).toEqual({ status: 503, code: 'database_unavailable', retryAfter: 1 });
  const ready = await service.app.get('/ready');
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { error: { code: 'not_ready', details: [{ part: 'database', reason: expect.stringContaining('read-only') }] } },
  ]);
  // Existing connections keep their old default, so use each of them once.
  await Promise.all(Array.from({ length: 4 }, () => service.database.query('SELECT pg_sleep(0.1)', [])));
  await readOnly(false);
  await expect.poll(async () => (await service.app.get('/ready')).status).toBe(200);
  await expect.poll(async () => (await service.end()).status).toBe(201);
});

test('starts on a read-only database if the schema is up to date', async () => {
  await using service = await startService();
  await service.owner.query('SET default_transaction_read_only = on');
  expect(await migrate(service.owner)).toEqual([]);
});
