import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { SECRET_KEY_REFUSAL } from '../../service/config/secret-key.ts';
import { sharedPostgres, type TestPostgres } from '../support/embedded-postgres.ts';
import { REAL_TIME } from '../support/real-time.ts';
import { ServiceProcess } from './support/service-process.ts';
import { CONVERSATION } from './support/test-app.ts';
import { bearer } from './support/tokens.ts';
import { calling, json, startUpstream } from './support/upstream-server.ts';

let postgres: TestPostgres;
let required: NodeJS.ProcessEnv;

beforeAll(async () => {
  postgres = await sharedPostgres();
  required = {
    PORT: '0',
    SECRET_KEY,
    DATABASE_URL: await postgres.createDatabase(),
    GROQ_API_KEY: 'gsk_nobody_may_see',
    MEM0_API_KEY: 'm0_nobody_may_see',
  };
});

const SECRET_KEY = 'a-secret-key-that-nobody-may-ever-see';
// Valid for longer than this file takes on a busy machine.
const token = bearer('ada', { key: SECRET_KEY, seconds: 3600 });

const post = (url: string, path: string, body: unknown) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...token },
    body: JSON.stringify(body),
  });

const completion = json(200, { choices: [{ message: { content: 'Ada likes to swim.' } }] });
const added = json(200, { event_id: 'm-1', status: 'PENDING' });

test.each([
  [undefined, 'is not set.'],
  ['your-secret-key-change-in-production', 'is the default key, which is public.'],
  ['short', 'is too short: it has 5 characters, and at least 32 are required.'],
])('refuses to start with SECRET_KEY=%s, with the message of the specification and the reason', async (key, reason) => {
  await using service = new ServiceProcess({ ...required, SECRET_KEY: key });
  expect(await service.exited).toBe(2);
  expect(service.stderr).toBe(`${SECRET_KEY_REFUSAL}\nSECRET_KEY ${reason}\n`);
  expect(service.stdout).toBe('');
});

test('reports all problems of the configuration, one per line, and exits with 2', async () => {
  await using service = new ServiceProcess({ ...required, PORT: 'x', GROQ_TYPO: '1', RATE_LIMIT_DEFAULT: 'y' });
  expect(await service.exited).toBe(2);
  const names = service.stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.split(':')[0]);
  expect(names).toEqual(['GROQ_TYPO', 'PORT', 'RATE_LIMIT_DEFAULT']);
});

test('serves a conversation end to end, and logs no secret', async () => {
  await using groq = await startUpstream(completion);
  await using mem0 = await startUpstream(added);
  await using service = new ServiceProcess({ ...required, ...calling(groq, mem0), LOG_LEVEL: 'trace' });
  const url = await service.listening();
  expect((await post(url, '/v1/conversations/end', CONVERSATION)).status).toBe(201);
  expect((await post(url, '/v1/activities/suggest', { user_id: 'ada' })).status).toBe(502);
  expect((await fetch(`${url}/v1/conversations/c-1`, { headers: token })).status).toBe(200);
  service.signal('SIGTERM');
  expect(await service.exited).toBe(0);
  expect(service.stderr).toBe('');
  expect(service.stdout).not.toContain('nobody');
  expect(service.stdout).not.toContain(new URL(required.DATABASE_URL ?? '').password);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s, finishes requests in flight, accepts no new ones, and exits with 0',
  async (signal) => {
    const called = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await using groq = await startUpstream((response, request) => {
      called.resolve();
      void answer.promise.then(() => completion(response));
      request.resume();
    });
    await using mem0 = await startUpstream(added);
    await using service = new ServiceProcess({ ...required, ...calling(groq, mem0) });
    const url = await service.listening();
    const inFlight = post(url, '/v1/conversations/end', { ...CONVERSATION, conversation_id: signal });
    await called.promise;
    service.signal(signal);
    await expect
      .poll(() =>
        fetch(`${url}/health`).then(
          () => 'accepted',
          () => 'refused',
        ),
      )
      .toBe('refused');
    answer.resolve();
    const response = await inFlight;
    expect([response.status, response.headers.get('connection')]).toEqual([201, 'close']);
    expect(await service.exited).toBe(0);
  },
);

test('warns if certificates are not verified', async () => {
  await using service = new ServiceProcess({ ...required, ENVIRONMENT: 'development', SSL_VERIFY_ENABLED: 'False' });
  await service.listening();
  expect(service.log[0]).toMatchObject({ level: 40, msg: expect.stringContaining('certificates are NOT verified') });
});

const NO_DATABASE = { DATABASE_URL: 'postgres://ada:hunter2@127.0.0.1:1/none' };

test('without a database, retries, logs the reason without the password, and exits with 1', async () => {
  await using service = new ServiceProcess({ ...required, ...NO_DATABASE, DATABASE_START_TIMEOUT_MS: '500' });
  expect(await service.exited).toBe(1);
  expect(service.log[0]).toMatchObject({
    level: 40,
    msg: expect.stringContaining('the database is not available yet'),
  });
  expect(service.log.at(-1)).toMatchObject({ level: 60, err: { code: 'ECONNREFUSED' } });
  expect(service.stdout + service.stderr).not.toContain('hunter2');
});

test('exits with 0 on SIGTERM while it waits for the database', async () => {
  await using service = new ServiceProcess({ ...required, ...NO_DATABASE });
  await expect.poll(() => service.stdout).toContain('not available yet');
  service.signal('SIGTERM');
  expect(await service.exited).toBe(0);
});

test('exits with 0 after the grace period even if a request never ends', REAL_TIME, async () => {
  const called = Promise.withResolvers<void>();
  await using groq = await startUpstream(() => called.resolve());
  await using service = new ServiceProcess({ ...required, ...calling(groq), SHUTDOWN_GRACE_MS: '300' });
  const url = await service.listening();
  const inFlight = post(url, '/v1/conversations/end', { ...CONVERSATION, conversation_id: 'grace' });
  const cut = expect(inFlight).rejects.toThrow();
  await called.promise;
  const signalled = performance.now();
  service.signal('SIGTERM');
  expect(await service.exited).toBe(0);
  // Allow for the grace period, plus the time to terminate a process on a busy machine.
  expect(performance.now() - signalled).toBeGreaterThan(290);
  expect(performance.now() - signalled).toBeLessThan(2000);
  await cut;
});

test("pools that don't fit are rejected in production, and cause a warning in development", async () => {
  const tooMany = { ...required, REPLICAS: '10' };
  await using refused = new ServiceProcess(tooMany);
  expect(await refused.exited).toBe(1);
  expect(refused.log.at(-1)).toMatchObject({ level: 60, err: { code: 'DATABASE_UNFIT' } });
  await using warned = new ServiceProcess({ ...tooMany, ENVIRONMENT: 'development' });
  await warned.listening();
  expect(warned.log[0]).toMatchObject({ level: 40, msg: expect.stringContaining('10 × 10 = 100 is not below the 97') });
});

test('the worker finishes a pending event when the LLM is available again', async () => {
  let down = true;
  await using groq = await startUpstream((response) => (down ? json(500, {}) : completion)(response));
  await using mem0 = await startUpstream(added);
  const settings = { ...calling(groq, mem0), PENDING_WORKER_INTERVAL_MS: '50' };
  await using service = new ServiceProcess({ ...required, ...settings });
  const url = await service.listening();
  const response = await post(url, '/v1/conversations/end', { ...CONVERSATION, conversation_id: 'pending' });
  expect(await response.json()).toMatchObject({ error: { code: 'llm_unavailable' }, event: { status: 'pending' } });
  const read = async () =>
    (await (await fetch(`${url}/v1/conversations/pending`, { headers: token })).json()) as { events: unknown[] };
  expect((await read()).events).toMatchObject([{ status: 'pending', analysis: null }]);
  down = false;
  // An event is retried no later than five seconds after its first failure.
  await expect.poll(read).toMatchObject({
    events: [{ status: 'complete', analysis: 'Ada likes to swim.', memory_event_id: 'm-1' }],
  });
});

test('on SIGTERM, the worker finishes its current event', async () => {
  const called = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await using groq = await startUpstream((response) => {
    called.resolve();
    void answer.promise.then(() => completion(response));
  });
  await using mem0 = await startUpstream(added);
  const databaseUrl = await postgres.createDatabase();
  const settings = { ...calling(groq, mem0), PENDING_WORKER_INTERVAL_MS: '50' };
  await using service = new ServiceProcess({ ...required, ...settings, DATABASE_URL: databaseUrl });
  await service.listening();
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(
    `INSERT INTO conversation_events (user_id, conversation_id, messages) VALUES ('ada', 'c-1', '[]')`,
  );
  await called.promise;
  service.signal('SIGTERM');
  await expect.poll(() => service.stdout).toContain('waiting for requests in flight');
  // Longer than it takes to stop an idle server.
  await sleep(500);
  answer.resolve();
  expect(await service.exited).toBe(0);
  const { rows } = await client.query('SELECT analysis FROM conversation_events');
  await client.end();
  expect(rows).toEqual([{ analysis: 'Ada likes to swim.' }]);
});

test('exits with 1 if the port is in use', async () => {
  await using first = new ServiceProcess(required);
  const { port } = new URL(await first.listening());
  await using second = new ServiceProcess({ ...required, PORT: port });
  expect(await second.exited).toBe(1);
  expect(second.log.at(-1)).toMatchObject({ level: 60, err: { code: 'EADDRINUSE' } });
});
