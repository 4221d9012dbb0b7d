import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { TEST_MS } from '../../support/limits.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { SECRET_KEY } from '../support/tokens.ts';
import { calling, json, startUpstream } from '../support/upstream-server.ts';
import { Ledger } from './ledger.ts';
import { Load } from './load.ts';

/** Number of kills per test. `make ledger` uses 50. */
const ROUNDS = Number(process.env.LEDGER_ROUNDS ?? 1);
/** Number of conversations to acknowledge between two kills, so that each kill happens under load. */
const CONVERSATIONS_A_ROUND = 20;
const ROUND_MS = 20_000;

let postgres: TestPostgres;
let upstream: Awaited<ReturnType<typeof startUpstream>>;

beforeAll(async () => {
  postgres = await startPostgres();
  upstream = await startUpstream(async (response, request) => {
    await sleep(2 + Math.random() * 10);
    if (Math.random() < 0.05) json(500, {})(response);
    else if (request.url?.includes('memories')) json(200, { event_id: 'm-1', status: 'PENDING' })(response);
    else json(200, { choices: [{ message: { content: 'Ada likes to swim.' } }] })(response);
  });
});

afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

/** Starts the service under load and records its promises. */
async function startStage() {
  const databaseUrl = await postgres.createDatabase();
  const start = () =>
    new ServiceProcess({
      PORT: '0',
      SECRET_KEY,
      DATABASE_URL: databaseUrl,
      GROQ_API_KEY: 'gsk',
      MEM0_API_KEY: 'm0',
      ...calling(upstream),
      RATE_LIMIT_ENABLED: 'false',
      CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '0.5',
      // Let the claims of a killed process end soon, and run the worker.
      UPSTREAM_TIMEOUT_MS: '500',
      UPSTREAM_BUDGET_MS: '1000',
      DATABASE_ACQUIRE_TIMEOUT_MS: '500',
      PENDING_WORKER_INTERVAL_MS: '100',
    });
  let service = start();
  let url = await service.listening();
  const ledger = new Ledger();
  const load = new Load(ledger, () => url);
  return {
    ledger,
    load,
    databaseUrl,
    service: () => service,
    async restartService() {
      service = start();
      url = await service.listening();
    },
    async untilUnderLoad() {
      const enough = ledger.acknowledged + CONVERSATIONS_A_ROUND;
      await expect.poll(() => ledger.acknowledged, { timeout: ROUND_MS, interval: 10 }).toBeGreaterThan(enough);
      await sleep(Math.random() * 30);
    },
    async [Symbol.asyncDispose]() {
      await load[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

type Stage = Awaited<ReturnType<typeof startStage>>;

/**
 * Kills something repeatedly under load, and compares the promises with the table.
 *
 * @returns The number of responses by status.
 */
async function expectNothingLost(what: string, kill: (stage: Stage) => Promise<void>) {
  await using stage = await startStage();
  for (let round = 0; round < ROUNDS; round += 1) {
    await stage.untilUnderLoad();
    await kill(stage);
  }
  await stage.untilUnderLoad();
  await stage.load[Symbol.asyncDispose]();
  const balance = await stage.ledger.balance(stage.databaseUrl);
  const { outcomes } = stage.load;
  console.log(`${what}, ${ROUNDS} times:`, JSON.stringify(balance), JSON.stringify(Object.fromEntries(outcomes)));
  expect(balance).toMatchObject({ missing: 0, doubled: 0 });
  expect(balance.acknowledged).toBeGreaterThan(ROUNDS * CONVERSATIONS_A_ROUND);
  return outcomes;
}

test('PostgreSQL killed and restarted under load: nothing acknowledged is missing or doubled', {
  ...REAL_TIME,
  timeout: TEST_MS + ROUNDS * ROUND_MS,
}, async () => {
  const outcomes = await expectNothingLost('PostgreSQL killed', async ({ service }) => {
    await postgres.crash();
    await sleep(50);
    await postgres.restart();
    expect(service().running).toBe(true);
  });
  // Make sure that the kills happened under load, and that the service reported errors.
  expect(outcomes.get(503)).toBeGreaterThanOrEqual(ROUNDS);
  expect(outcomes.get('cut') ?? 0).toBe(0);
  expect(outcomes.get(500) ?? 0).toBe(0);
});

test('the service killed under load: nothing acknowledged is missing or doubled', {
  ...REAL_TIME,
  timeout: TEST_MS + ROUNDS * ROUND_MS,
}, async () => {
  const outcomes = await expectNothingLost('service killed', async ({ service, restartService }) => {
    service().signal('SIGKILL');
    await service().exited;
    await restartService();
  });
  expect(outcomes.get('cut')).toBeGreaterThanOrEqual(ROUNDS);
});

test('the service terminated under load: it exits 0, and nothing acknowledged is missing or doubled', {
  ...REAL_TIME,
  timeout: TEST_MS + ROUNDS * ROUND_MS,
}, async () => {
  const outcomes = await expectNothingLost('service terminated', async ({ service, restartService }) => {
    service().signal('SIGTERM');
    expect(await service().exited).toBe(0);
    await restartService();
  });
  // Only a client that connects while the socket is being closed may be cut off, of eight in each round.
  expect(outcomes.get('cut') ?? 0).toBeLessThanOrEqual(ROUNDS);
});
