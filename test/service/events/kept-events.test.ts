import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { Dependencies } from '../../../service/dependencies/dependencies.ts';
import { type PendingWorker, startPendingWorker } from '../../../service/events/pending-worker.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { migrated } from '../support/migrated.ts';
import { CONVERSATION, startApp, testDependencies } from '../support/test-app.ts';
import { useDatabase } from '../support/use-database.ts';

const server = useDatabase();

const PATH = '/v1/conversations/end';
const conversation = () => ({ ...CONVERSATION, conversation_id: `${randomUUID()}` });

/** Upstreams that the test can switch between working and failing. */
function upstreams() {
  const state = { llmDown: false, memoryDown: false };
  const llm = {
    invoke: vi.fn(async () => {
      if (state.llmDown) throw new UpstreamError('llm', 'down');
      return 'Ada likes to swim.';
    }),
  };
  const memory = {
    extract: vi.fn(async () => {
      if (state.memoryDown) throw new UpstreamError('memory', 'down');
      return 'm-1';
    }),
    search: async () => [],
  };
  return { state, llm, memory };
}

/** An event, or an error that includes the stored event. */
type Body = { readonly event_id: string; readonly event: { readonly event_id: string } };

const answer = async (response: Response) => ({ status: response.status, body: (await response.json()) as Body });

test('a repeated request gets the same event without upstream calls', async () => {
  const { llm, memory } = upstreams();
  await using app = await startApp({ database: server.openPool(), llm, memory });
  const body = conversation();
  const first = await answer(await app.post(PATH, body));
  expect(first.status).toBe(201);
  expect(await answer(await app.post(PATH, body))).toEqual({ status: 200, body: first.body });
  expect(llm.invoke).toHaveBeenCalledTimes(1);
  expect(memory.extract).toHaveBeenCalledTimes(1);
});

test('of two concurrent equal requests, one completes the event and the other gets 202', async () => {
  const { llm, memory } = upstreams();
  const analysis = Promise.withResolvers<string>();
  llm.invoke.mockImplementation(() => analysis.promise);
  await using app = await startApp({ database: server.openPool(), llm, memory });
  const body = conversation();
  const first = app.post(PATH, body);
  await expect.poll(() => llm.invoke.mock.calls.length).toBe(1);
  const response = await app.post(PATH, body);
  expect(response.headers.get('retry-after')).toBe('1');
  const second = await answer(response);
  analysis.resolve('Ada likes to swim.');
  const completed = await answer(await first);
  expect([completed.status, second.status]).toEqual([201, 202]);
  expect(second.body).toMatchObject({ event_id: completed.body.event_id, status: 'pending', analysis: null });
  expect(llm.invoke).toHaveBeenCalledTimes(1);
});

test('a retry finishes a pending event without repeating calls', async () => {
  const { state, llm, memory } = upstreams();
  await using app = await startApp({ database: server.openPool(), llm, memory });
  const body = conversation();
  state.memoryDown = true;
  const failed = await answer(await app.post(PATH, body));
  expect(failed).toMatchObject({
    status: 502,
    body: { error: { code: 'memory_unavailable' }, event: { status: 'pending' } },
  });
  state.memoryDown = false;
  const retried = await answer(await app.post(PATH, body));
  expect(retried).toMatchObject({ status: 201, body: { event_id: failed.body.event.event_id, status: 'complete' } });
  expect(llm.invoke).toHaveBeenCalledTimes(1);
  expect(memory.extract).toHaveBeenCalledTimes(2);
});

test('while the LLM breaker is open, events are stored unclaimed, and complete ones are returned', async () => {
  const { llm, memory } = upstreams();
  const parts = testDependencies({ database: server.openPool(), llm, memory });
  await using app = await startApp(parts);
  const before = conversation();
  const complete = await answer(await app.post(PATH, before));
  await openBreaker(parts);

  const body = conversation();
  const refused = await app.post(PATH, body);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
  const first = await answer(refused);
  expect(first).toMatchObject({
    status: 503,
    body: { error: { code: 'llm_circuit_open' }, event: { status: 'pending' } },
  });
  expect(await answer(await app.post(PATH, body))).toMatchObject({ status: 503, body: { event: first.body.event } });
  expect(await answer(await app.post(PATH, before))).toEqual({ status: 200, body: complete.body });
  const other = { ...before, messages: [{ role: 'user', content: 'other' }] };
  expect((await app.post(PATH, other)).status).toBe(409);
  const claims = await parts.database.query(
    'SELECT attempts, claimed_until FROM conversation_events WHERE conversation_id = $1',
    [body.conversation_id],
  );
  expect(claims).toEqual([{ attempts: 0, claimed_until: null }]);
});

test('an immediate retry is rejected without a query, unless its messages differ', async () => {
  const { llm, memory } = upstreams();
  const database = server.openPool();
  const parts = testDependencies({ database, llm, memory });
  await using app = await startApp(parts);
  await openBreaker(parts);
  const body = conversation();
  const first = await answer(await app.post(PATH, body));
  const query = vi.spyOn(database, 'query');
  expect(await answer(await app.post(PATH, body))).toEqual(first);
  expect(query).not.toHaveBeenCalled();
  const other = { ...body, messages: [{ role: 'user', content: 'other' }] };
  expect((await app.post(PATH, other)).status).toBe(409);
});

/** Creates dependencies with a new database that contains due events, and a worker that runs on demand. */
async function pendingEvents(count: number, recoveryTimeoutMs = 60_000) {
  const url = await server.postgres.createDatabase();
  await migrated(url);
  const database = server.openPool({ url });
  const { state, llm, memory } = upstreams();
  const parts = testDependencies({ database, llm, memory }, { recoveryTimeoutMs });
  for (let n = 0; n < count; n += 1) {
    await database.query(
      `INSERT INTO conversation_events (user_id, conversation_id, messages) VALUES ('ada', $1, '[{"role":"user","content":"x"}]')`,
      [`c-${n}`],
    );
  }
  const workers: PendingWorker[] = [];
  return {
    state,
    llm,
    parts,
    startWorker() {
      const worker = startPendingWorker(parts, { intervalMs: 3_600_000 });
      workers.push(worker);
      return worker;
    },
    async statuses() {
      const rows = await database.query<{ done: boolean; rests: boolean; claimed: boolean }>(
        `SELECT memory_event_id IS NOT NULL AS done, next_attempt_at > now() AS rests, claimed_until IS NOT NULL AS claimed
         FROM conversation_events ORDER BY id`,
        [],
      );
      return rows.map(({ done, rests, claimed }) => (done ? 'done' : claimed ? 'claimed' : rests ? 'rests' : 'due'));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.stop()));
      parts.breakers.llm.close();
      parts.breakers.memory.close();
      await database.close();
    },
  };
}

async function openBreaker({ breakers }: Dependencies): Promise<void> {
  for (let n = 0; n < 5; n += 1) {
    await breakers.llm.call(() => Promise.reject(new UpstreamError('llm', 'down'))).catch(() => {});
  }
  expect(breakers.llm.state).toBe('open');
}

test('two concurrent workers finish each event once', async () => {
  await using pending = await pendingEvents(12);
  const [first, second] = [pending.startWorker(), pending.startWorker()];
  await Promise.all([first.look(), second.look()]);
  await first.look();
  expect(new Set(await pending.statuses())).toEqual(new Set(['done']));
  expect(pending.llm.invoke).toHaveBeenCalledTimes(12);
});

test('failed events are retried later, and calls of the worker open the breaker', async () => {
  await using pending = await pendingEvents(7);
  pending.state.llmDown = true;
  const worker = pending.startWorker();
  await worker.look();
  await worker.look();
  expect(pending.llm.invoke).toHaveBeenCalledTimes(5);
  expect(pending.parts.breakers.llm.state).toBe('open');
  expect(await pending.statuses()).toEqual([...Array(5).fill('rests'), 'due', 'due']);
});

test('half-open, the worker makes the trial with one event only if no request does', async () => {
  await using pending = await pendingEvents(3, 50);
  const worker = pending.startWorker();
  await openBreaker(pending.parts);
  await expect.poll(() => pending.parts.breakers.llm.state).toBe('half_open');
  await worker.look();
  expect(pending.llm.invoke).not.toHaveBeenCalled();
  await worker.look();
  expect(pending.llm.invoke).toHaveBeenCalledTimes(1);
  expect(pending.parts.breakers.llm.state).toBe('closed');
  await worker.look();
  expect(pending.llm.invoke).toHaveBeenCalledTimes(3);
});

test('a stopped worker only finishes its current event', async () => {
  await using pending = await pendingEvents(3);
  const analysis = Promise.withResolvers<string>();
  pending.llm.invoke.mockImplementation(() => analysis.promise);
  const worker = startPendingWorker(pending.parts, { intervalMs: 1 });
  await expect.poll(() => pending.llm.invoke.mock.calls.length).toBe(1);
  let stopped = false;
  const stop = worker.stop().then(() => {
    stopped = true;
  });
  await sleep(50);
  expect(stopped).toBe(false);
  analysis.resolve('Ada likes to swim.');
  await stop;
  expect(await pending.statuses()).toEqual(['done', 'due', 'due']);
});

test('the worker holds no connection during an upstream call', async () => {
  await using pending = await pendingEvents(2);
  const inUse: number[] = [];
  pending.llm.invoke.mockImplementation(async () => {
    await sleep(5);
    inUse.push(pending.parts.database.stats().in_use);
    return 'Ada likes to swim.';
  });
  await pending.startWorker().look();
  expect(inUse).toEqual([0, 0]);
});

test('a failed event rests for as long as it is told to', async () => {
  await using pending = await pendingEvents(1);
  pending.state.llmDown = true;
  const parts = { ...pending.parts, eventRest: { firstMs: 0, longestMs: 0 } };
  const worker = startPendingWorker(parts, { intervalMs: 3_600_000 });
  await worker.look();
  await worker.stop();
  // Only the breaker ends the attempts.
  expect(pending.llm.invoke).toHaveBeenCalledTimes(5);
  expect(await pending.statuses()).toEqual(['due']);
});
