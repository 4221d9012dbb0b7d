import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { sharedPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { fakeWallClock, noFaketime } from '../support/fake-wall-clock.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { bearer, SECRET_KEY } from '../support/tokens.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await sharedPostgres();
});

const settings = { PORT: '0', SECRET_KEY, GROQ_API_KEY: 'gsk_test', MEM0_API_KEY: 'm0-test' };
const DAY_SECONDS = 86_400;
/** Longer than it takes from the first to the third request on a busy machine. */
const WINDOW_SECONDS = 6;

test.skipIf(noFaketime).each([-1, 1])(
  'a wall clock that is set by %i h in a database outage delays nothing',
  REAL_TIME,
  async (hours) => {
    await using clock = await fakeWallClock();
    const url = await postgres.createDatabase();
    const { port } = new URL(url);
    await using proxy = await startTcpProxy(Number(port));
    await using service = new ServiceProcess({
      ...settings,
      ...clock.settings,
      DATABASE_URL: url.replace(`:${port}/`, `:${proxy.port}/`),
      RATE_LIMIT_HEALTH_CHECK: `2 per ${WINDOW_SECONDS} seconds`,
      RATE_LIMIT_DEFAULT: '1000/minute',
    });
    const base = await service.listening();
    // The token is valid before and after the clock changes.
    const headers = bearer('ada', { seconds: DAY_SECONDS });
    const read = async () => {
      const { status, headers: answered } = await fetch(`${base}/v1/conversations/c-1`, { headers });
      return { status, retryAfter: Number(answered.get('retry-after')) };
    };
    const health = () => fetch(`${base}/health`);
    expect((await read()).status).toBe(404);
    await health();
    const began = performance.now();
    proxy.set('cuts');
    await expect.poll(read).toMatchObject({ status: 503 });

    await clock.set(hours);
    await health();
    const refused = await health();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(WINDOW_SECONDS);
    expect((await read()).retryAfter).toBeLessThanOrEqual(2);

    proxy.set('passes');
    await pause(WINDOW_SECONDS * 1000 + 100 - (performance.now() - began));
    const admitted = await health();
    expect(admitted.status).toBe(200);
    const date = Date.parse(admitted.headers.get('date') ?? '');
    // The clock change took effect.
    expect(Math.abs(date - Date.now() - hours * 3_600_000)).toBeLessThan(10_000);
    // Connection attempts are at most two seconds apart.
    await expect.poll(read).toMatchObject({ status: 404 });
  },
);
