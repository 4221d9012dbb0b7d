import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '../../../support/embedded-postgres.ts';
import { ServiceProcess } from '../../support/service-process.ts';
import { bearer, SECRET_KEY } from '../../support/tokens.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres[Symbol.asyncDispose]());

/** Starts two service processes that share a database and a store. */
async function startReplicas(store: string, settings: NodeJS.ProcessEnv = {}) {
  const environment = {
    PORT: '0',
    SECRET_KEY,
    DATABASE_URL: await postgres.createDatabase(),
    GROQ_API_KEY: 'gsk_test',
    MEM0_API_KEY: 'm0-test',
    RATE_LIMIT_STORE: store,
    RATE_LIMIT_DEFAULT: '30/minute',
    // On a busy machine, counting takes long, and requests are refused as overload.
    RATE_LIMIT_STORE_TIMEOUT_MS: '10000',
    LOAD_SHED_EVENT_LOOP_DELAY_MS: '60000',
    ...settings,
  };
  const services = [new ServiceProcess(environment), new ServiceProcess(environment)];
  const urls = await Promise.all(services.map((service) => service.listening()));
  return {
    urls,
    async [Symbol.asyncDispose]() {
      await Promise.all(services.map((service) => service[Symbol.asyncDispose]()));
    },
  };
}

const read = (url: string | undefined) => fetch(`${url}/v1/conversations/c-1`, { headers: bearer('ada') });

/** Sends the given number of concurrent requests, alternating between the two replicas. */
const burst = (urls: string[], count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => read(urls[n % urls.length])));

const admitted = (responses: Response[]) => responses.filter(({ status }) => status !== 429);

/**
 * Asserts that both replicas together allow 30 requests, and that each reports how much of the shared window remains.
 */
async function expectOneLimit(urls: string[]) {
  const began = Date.now();
  const responses = [...(await burst(urls, 20)), ...(await burst(urls, 40))];
  expect(admitted(responses).map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 404));
  for (const url of urls) {
    const refused = await read(url);
    const elapsed = Math.floor((Date.now() - began) / 1000);
    expect(refused.status).toBe(429);
    const limitHeader = /^limit=30, remaining=0, reset=(\d+)$/.exec(refused.headers.get('ratelimit') ?? '');
    for (const seconds of [refused.headers.get('retry-after'), limitHeader?.[1]].map(Number)) {
      expect(seconds).toBeGreaterThanOrEqual(59 - elapsed);
      expect(seconds).toBeLessThanOrEqual(60);
    }
    // Other endpoints have their own counters.
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  }
}

test('with PostgreSQL, two replicas together allow N, not 2N', async () => {
  await using replicas = await startReplicas('postgres');
  await expectOneLimit(replicas.urls);
});

test('in memory, each replica counts separately (control)', async () => {
  await using replicas = await startReplicas('memory');
  expect(admitted(await burst(replicas.urls, 80))).toHaveLength(60);
});

test.each([
  ['closed', 503],
  ['open', 404],
])('with a store that fails and RATE_LIMIT_STORE_FAILURE=%s, requests get %i', async (failure, status) => {
  // No connection can be opened within a millisecond.
  const settings = { RATE_LIMIT_STORE_FAILURE: failure, RATE_LIMIT_STORE_TIMEOUT_MS: '1' };
  await using replicas = await startReplicas('postgres', settings);
  const [url] = replicas.urls;
  const response = await read(url);
  expect(response.status).toBe(status);
  if (status === 503) {
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limit_store_unavailable' } });
  }
  // Endpoints about the process itself still respond, so that it isn't restarted and the reason is visible.
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^rate_limit_store_failures_total [3-9]$/m);
  expect(metrics).toContain(`refusals_total{reason="rate_limit_store"} ${status === 503 ? 1 : 0}`);
});

test("the pool and the connections of the counters don't affect each other", async () => {
  await using replicas = await startReplicas('postgres', { RATE_LIMIT_DEFAULT: '1000/minute', DATABASE_POOL_MAX: '1' });
  const responses = await burst(replicas.urls, 60);
  expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => 404));
});
