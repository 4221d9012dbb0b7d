import { expect, test } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { ServiceError } from '../../../service/base/errors.ts';
import { createMetrics } from '../../../service/observability/metrics.ts';
import { createBreakers } from '../../../service/protections/breakers.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { FakeDatabase } from '../support/fake-database.ts';
import { recordLog } from '../support/log-recorder.ts';
import { rateLimits, refusal, startApp } from '../support/test-app.ts';

const RECOVERY_MS = 100;

function breakersThatOpenAtOnce() {
  const settings = { enabled: true, failureThreshold: 1, recoveryTimeoutMs: RECOVERY_MS };
  const { logger } = recordLog();
  const surroundings = { upstreamTimeoutMs: 1000, clock: systemClock, logger, metrics: createMetrics() };
  return createBreakers(settings, surroundings);
}

test('is ready if PostgreSQL responds and no breaker is open', async () => {
  await using app = await startApp();
  const response = await app.get('/ready');
  expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }]);
  expect(app.database.statements).toHaveLength(1);
});

test('is not ready without PostgreSQL, and reports the reason', async () => {
  await using app = await startApp();
  app.database.failure = new ServiceError('database_unavailable', 'The database is unavailable (ECONNREFUSED).');
  const response = await app.get('/ready');
  expect([response.status, await response.json()]).toMatchObject([
    503,
    {
      error: {
        code: 'not_ready',
        details: [{ part: 'database', reason: 'The database is unavailable (ECONNREFUSED).' }],
      },
    },
  ]);
});

test("doesn't wait for an unresponsive PostgreSQL", async () => {
  const database = new FakeDatabase();
  database.query = () => new Promise(() => {});
  await using app = await startApp({ database });
  expect((await app.get('/ready')).status).toBe(503);
});

test('is not ready while breakers are open, and is ready again when half-open', REAL_TIME, async () => {
  const breakers = breakersThatOpenAtOnce();
  await using app = await startApp({ breakers });
  for (const name of ['llm', 'memory'] as const) {
    await breakers[name].call(() => Promise.reject(new UpstreamError(name, 'down'))).catch(() => {});
  }
  const { error } = (await (await app.get('/ready')).json()) as { error: { details: { part: string }[] } };
  expect(error.details.map(({ part }) => part)).toEqual(['llm_breaker', 'memory_breaker']);
  await expect.poll(async () => (await app.get('/ready')).status).toBe(200);
  expect(breakers.llm.state).toBe('half_open');
});

test('has the default limit, and /health has its own', async () => {
  const limiters = createLimiters(rateLimits('2/minute', { health: '3/minute' }), systemClock);
  await using app = await startApp({ limiters });
  for (let n = 0; n < 2; n += 1) await app.get('/ready');
  expect(await refusal(await app.get('/ready'))).toMatchObject({ status: 429 });
  for (let n = 0; n < 3; n += 1) expect((await app.get('/health')).status).toBe(200);
  expect(await refusal(await app.get('/health'))).toMatchObject({ status: 429 });
});
