import { closeSync, openSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../harness/process/readiness.ts';
import { sharedPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { SECRET_KEY } from '../support/tokens.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await sharedPostgres();
});

async function settings() {
  return {
    PORT: String(await freePort()),
    SECRET_KEY,
    DATABASE_URL: await postgres.createDatabase(),
    GROQ_API_KEY: 'gsk_test',
    MEM0_API_KEY: 'm0-test',
    RATE_LIMIT_ENABLED: 'false',
    // The test process needs CPU time as well.
    LOAD_SHED_EVENT_LOOP_DELAY_MS: '60000',
    SHUTDOWN_GRACE_MS: '3000',
  };
}

const health = (port: string) =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ status }) => status,
    () => 0,
  );

/** Sends requests. Because of its request ID, each has a log line of about 300 bytes. */
async function flood(port: string, count: number): Promise<Set<number>> {
  const headers = { 'x-request-id': 'r'.repeat(128) };
  const statuses = new Set<number>();
  for (let sent = 0; sent < count; sent += 50) {
    const batch = Array.from({ length: 50 }, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/nowhere`, { headers });
      await response.arrayBuffer();
      statuses.add(response.status);
    });
    await Promise.all(batch);
  }
  return statuses;
}

async function lostLines(port: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^log_lines_lost_total (\d+)$/m.exec(text)?.[1]);
}

/** Asserts that the service continues to work, counts lost lines, and stops on SIGTERM. */
async function expectAlive(service: ServiceProcess, port: string, requests: number): Promise<void> {
  await expect.poll(() => health(port)).toBe(200);
  expect(await flood(port, requests)).toEqual(new Set([404]));
  await expect.poll(() => lostLines(port)).toBeGreaterThan(0);
  expect(await health(port)).toBe(200);
  const signalled = performance.now();
  service.signal('SIGTERM');
  expect(await service.exited).toBe(0);
  expect(performance.now() - signalled).toBeLessThan(3500);
}

test('a full disk loses log lines, and nothing else', REAL_TIME, async () => {
  const full = openSync('/dev/full', 'w');
  const given = await settings();
  await using service = new ServiceProcess(given, { log: full });
  closeSync(full);
  await expectAlive(service, given.PORT, 100);
});

test('a closed log reader loses log lines, and nothing else', REAL_TIME, async () => {
  const given = await settings();
  await using service = new ServiceProcess(given);
  await service.listening();
  service.stopReading();
  await expectAlive(service, given.PORT, 100);
});

test('a blocked log reader loses log lines, and nothing else', async () => {
  const given = await settings();
  await using service = new ServiceProcess(given, { log: 'unread' });
  // This is more than one mebibyte plus the pipe buffer.
  await expectAlive(service, given.PORT, 6000);
});

test('a fatal error ends the service even if it cannot be logged', async () => {
  const full = openSync('/dev/full', 'w');
  const given = await settings();
  await using service = new ServiceProcess({ ...given, REPLICAS: '100' }, { log: full });
  closeSync(full);
  expect(await service.exited).toBe(1);
});
