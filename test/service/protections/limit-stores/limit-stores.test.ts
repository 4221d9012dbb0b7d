import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from 'express-rate-limit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { millisecondsUntil, systemClock } from '../../../../service/base/clock.ts';
import { createMetrics } from '../../../../service/observability/metrics.ts';
import { createLimitStores } from '../../../../service/protections/limit-stores/create-limit-stores.ts';
import { startPostgres } from '../../../support/embedded-postgres.ts';
import { recordLog } from '../../support/log-recorder.ts';
import { migrated } from '../../support/migrated.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

/** Tolerance for real time on a busy machine, in milliseconds. */
const TOLERANCE_MS = 250;
/** When a store counts as failed: never because the machine is busy, and soon in tests of a network that fails. */
const [PATIENT_MS, TIMEOUT_MS] = [10_000, 500];

let url: string;

const servers = new AsyncDisposableStack();
afterAll(() => servers.disposeAsync());
afterEach(() => {
  vi.useRealTimers();
});

/** Moves the end of all windows on the server by an hour, as if its clock had been set back by an hour. */
async function endLater(): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('UPDATE rate_limit_windows SET expire = expire + 3600000');
  await client.end();
}

/**
 * Counts a hit. `resetAt` is the end of its window in milliseconds since the epoch, and `tookMs` is how long the call
 * took.
 */
async function timedHit(store: Store): Promise<{ resetAt: number; tookMs: number }> {
  const began = Date.now();
  const { resetTime } = await store.increment('ada');
  return { resetAt: resetTime?.getTime() ?? Number.NaN, tookMs: Date.now() - began };
}

beforeAll(async () => {
  url = await servers.use(await startPostgres()).createDatabase();
  await migrated(url);
});

/** Returns the server's port, and its URL through a proxy. */
const port = (): number => Number(new URL(url).port);
const through = (proxy: number): string => url.replace(`:${port()}/`, `:${proxy}/`);

const failure = { code: 'rate_limit_store_unavailable', retryAfterSeconds: 1 };
let used = 0;

/** Creates one replica's stores. */
async function replica(at = url, timeoutMs = PATIENT_MS) {
  const { logger, messages } = recordLog();
  const metrics = createMetrics();
  const stores = createLimitStores({ kind: 'postgres', url: at, timeoutMs }, { clock: systemClock, logger, metrics });
  const failures = async () => (await metrics.rateLimitStoreFailures.get()).values[0]?.value;
  return { ...stores, messages, failures, [Symbol.asyncDispose]: () => stores.close() };
}

/** Returns a name that no other test uses. */
const freshName = () => {
  used += 1;
  return `limit-${used}`;
};

/** Retries until the store responds, because connecting takes some time. */
const warm = (store: Store) => {
  const ask = async () => store.get?.('nobody');
  return expect
    .poll(() =>
      ask().then(
        () => 'answers',
        () => 'fails',
      ),
    )
    .toBe('answers');
};

async function pair(amount: number, windowMs: number) {
  const name = freshName();
  const [a, b] = [await replica(), await replica()];
  const stores = [a, b].map((given) => given.create(name, { amount, windowMs })) as [Store, Store];
  for (const store of stores) await warm(store);
  return { stores, [Symbol.asyncDispose]: async () => void (await Promise.all([a.close(), b.close()])) };
}

test('two replicas count together, each hit once', async () => {
  await using both = await pair(1000, 60_000);
  const hits = await Promise.all(Array.from({ length: 40 }, (_, n) => both.stores[n % 2]?.increment('ada')));
  const totals = hits.map((hit) => hit?.totalHits ?? 0).toSorted((x, y) => x - y);
  expect(totals).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
});

test('the window starts with the first hit on any replica, and no later hit extends it', async () => {
  await using both = await pair(3, 4000);
  const [a, b] = both.stores;
  const first = await timedHit(a);
  await pause(500);
  for (let n = 0; n < 5; n += 1) {
    const { resetAt, tookMs } = await timedHit(b);
    // A store knows the remaining time as of some moment during the call. Hits that prolong it would add 500 ms.
    expect(Math.abs(resetAt - first.resetAt)).toBeLessThan(TOLERANCE_MS + first.tookMs + tookMs);
  }
  expect((await a.increment('ada')).totalHits).toBeGreaterThan(3);
  await pause(first.resetAt + TOLERANCE_MS - Date.now());
  expect((await a.increment('ada')).totalHits).toBe(1);
  expect((await b.increment('ada')).totalHits).toBe(2);
});

test.each([-3_600_000, 3_600_000])('a change of the wall clock by %i ms does not affect a replica', async (step) => {
  await using both = await pair(2, 60_000);
  const [a, b] = both.stores;
  await a.increment('ada');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + step });
  for (const hits of [2, 3, 3]) {
    const { totalHits, resetTime } = await b.increment('ada');
    expect(totalHits).toBe(hits);
    expect(Math.abs(millisecondsUntil(resetTime) - 60_000)).toBeLessThan(2000);
    vi.setSystemTime(Date.now() + step);
  }
});

test('setting the server clock back keeps the counts, and extends no window', async () => {
  await using first = await replica();
  const store = first.create(freshName(), { amount: 5, windowMs: 1000 });
  await warm(store);
  await store.increment('ada');
  await endLater();
  const { totalHits, resetTime } = await store.increment('ada');
  expect([totalHits, millisecondsUntil(resetTime) <= 1000]).toEqual([2, true]);
  await pause(1000 + TOLERANCE_MS);
  expect((await store.increment('ada')).totalHits).toBe(1);
});

test('counts clients, names and windows separately', async () => {
  await using first = await replica();
  const [name, other] = [freshName(), freshName()];
  const store = first.create(name, { amount: 5, windowMs: 60_000 });
  await warm(store);
  await store.increment('ada');
  expect((await store.increment('eve')).totalHits).toBe(1);
  expect((await first.create(other, { amount: 5, windowMs: 60_000 }).increment('ada')).totalHits).toBe(1);
  expect((await first.create(name, { amount: 5, windowMs: 3_600_000 }).increment('ada')).totalHits).toBe(1);
});

test('returns the count, and resets it', async () => {
  await using first = await replica();
  const store = first.create(freshName(), { amount: 5, windowMs: 60_000 });
  await warm(store);
  await store.increment('ada');
  await store.increment('ada');
  expect((await store.get?.('ada'))?.totalHits).toBe(2);
  await store.decrement('ada');
  expect((await store.get?.('ada'))?.totalHits).toBe(1);
  await store.resetKey('ada');
  expect(await store.get?.('ada')).toBeUndefined();
});

test.each(['cuts', 'hangs'] as const)('a network that %s it fails in time, is counted, and heals', async (mode) => {
  await using proxy = await startTcpProxy(port());
  await using first = await replica(through(proxy.port), TIMEOUT_MS);
  const store = first.create(freshName(), { amount: 5, windowMs: 60_000 });
  await warm(store);
  const failedBefore = (await first.failures()) ?? 0;
  await store.increment('ada');
  proxy.set(mode);
  const began = Date.now();
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => store.increment('ada')));
  // One after another, they would take 20 timeouts.
  expect(Date.now() - began).toBeLessThan(20 * TIMEOUT_MS);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: failure });
  expect(await first.failures()).toBe(failedBefore + 20);
  expect(first.messages().filter((message) => message === '⚠️ the rate limit store failed').length).toBeLessThan(3);
  proxy.set('passes');
  await warm(store);
  expect(first.messages()).toContain('the rate limit store recovered');
});

test('a rejected client stays rejected without the store until its window ends', async () => {
  await using proxy = await startTcpProxy(port());
  await using first = await replica(through(proxy.port));
  const store = first.create(freshName(), { amount: 2, windowMs: 60_000 });
  await warm(store);
  for (let n = 0; n < 3; n += 1) await store.increment('ada');
  proxy.set('cuts');
  const { totalHits, resetTime } = await store.increment('ada');
  expect(totalHits).toBeGreaterThan(2);
  expect(Math.abs((resetTime?.getTime() ?? 0) - Date.now() - 60_000)).toBeLessThan(2000);
  await expect(store.increment('eve')).rejects.toMatchObject(failure);
});
