import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { context, type Fault, healthEndpoints, POOL_ALONE, promised } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { QUERY_TIMEOUT } from '../lib/lasting.ts';
import { untilServed } from '../lib/pool.ts';
import { noteRefusal } from '../lib/refusals.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, together, until } from '../lib/wait.ts';
import { whileCalling } from '../lib/while-calling.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

/**
 * The database faults. A lasting fault is healed once every call has received a response. Faults that affect the whole
 * server come last.
 */
const OUTAGES: { fault: Fault; lasts: boolean }[] = [
  { fault: { kind: 'terminate' }, lasts: false },
  { fault: { kind: 'blackhole' }, lasts: true },
  { fault: { kind: 'restart' }, lasts: false },
  { fault: { kind: 'stop' }, lasts: true },
];

function planOf({ fault }: { fault: Fault }): PlannedAction<'database outage'> {
  return { action: 'database outage', fault: fault.kind };
}

export const proof: Proof = {
  about:
    'PostgreSQL loses its connections, hangs, restarts and stops. Every call is served or rejected in time, ' +
    'acknowledged data is stored, and the service recovers.',
  judges: 'database outages',
  clients: 1,
  seconds: 9 + QUERY_TIMEOUT,
  conditions: ['no-rate-limits', ...POOL_ALONE],
  holds: ['steady-state', 'database-outage-survived', 'pool-says-when', 'recovers', 'acknowledged-in-an-outage'],
  plan: OUTAGES.map(planOf),
};

/** Milliseconds between two calls to /health, and minimum duration of an outage, so that it is called several times. */
const [HEALTH_MS, LEAST_MS] = [50, 250];

const pool = promised(context.pool, 'pool');
promised(pool.queryTimeoutSeconds, 'pool.queryTimeoutSeconds');
const { max, acquireTimeoutSeconds, endpoint, refusal } = pool;

export default async function (): Promise<void> {
  await steady('steady');
  for (const outage of OUTAGES) await goThrough(outage);
  await steady('steady again');
  if (context.ledger) await lab.readLedger();
}

/** Breaks the database while a query is running on each pool connection, and calls every endpoint in the meantime. */
async function goThrough({ fault, lasts }: (typeof OUTAGES)[number]): Promise<void> {
  const phase = await lab.phase(planOf({ fault }));
  await lab.fault('database', { kind: 'lock' });
  const underWay = together(max, () => ask(endpoint, phase));
  await until(async () => (await lab.waitingForLock()) >= max, acquireTimeoutSeconds * 1_000);
  await whileCalling(healthEndpoints(), HEALTH_MS, { phase, about: 'health' }, async () => {
    const acting = lab.fault('database', fault);
    const all = Object.keys(context.endpoints).flatMap((name) => [name, name]);
    const callsDuring = Promise.all([underWay, pause(LEAST_MS), ...all.map((name) => ask(name, phase))]);
    await acting;
    if (lasts) await callsDuring;
    await lab.heal('database');
    await callsDuring;
  });
  await untilServed(pool, async () => (await call(endpoint, { phase, about: 'again' })).status, 5_000);
}

async function ask(name: string, phase: Begun): Promise<void> {
  const response = await call(name, { phase, about: 'during', ...(context.ledger && { key: context.ledger.key }) });
  if (response.status === refusal) noteRefusal(response, { phase, of: 'database' });
}
