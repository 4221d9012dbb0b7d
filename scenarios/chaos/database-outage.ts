import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { context, type Fault, healthEndpoints, POOL_ALONE, promised } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { QUERY_TIMEOUT } from '../lib/lasting.ts';
import { untilServed, untilWhole } from '../lib/pool.ts';
import { noteRefusal } from '../lib/refusals.ts';
import { call, TIMEOUT_SECONDS } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { planOf, step, take } from '../lib/steps.ts';
import { pause, together, until } from '../lib/wait.ts';
import { whileCalling } from '../lib/while-calling.ts';
import { isWorking } from '../lib/working.ts';

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

const STEPS = [
  ...OUTAGES.map(({ fault, lasts }) =>
    step({ action: 'database outage', fault: fault.kind }, (planned) => goThrough(planned, fault, lasts)),
  ),
  // Only a ledger shows whether a crash loses what was acknowledged.
  ...(context.ledger ? [step({ action: 'written until a crash' }, writeUntilCrash)] : []),
];

export const proof: Proof = {
  about:
    'PostgreSQL loses its connections, hangs, restarts and stops, also while events are written. Every call is served or ' +
    'rejected in time, no endpoint that needs the database is served without it, acknowledged data is stored, and the service recovers with all connections.',
  judges: 'database outages',
  clients: 1,
  seconds: 8 + QUERY_TIMEOUT,
  // In each outage, and afterwards, a call may get no answer.
  patienceSeconds: (OUTAGES.length + 1) * TIMEOUT_SECONDS,
  holdsCalls: true,
  conditions: ['no-rate-limits', ...POOL_ALONE],
  holds: [
    'steady-state',
    'database-outage-survived',
    'not-served-without-database',
    'pool-says-when',
    'pool-leaks-nothing',
    'recovers',
    'acknowledged-in-an-outage',
    'acknowledged-before-a-crash',
  ],
  plan: planOf(STEPS),
};

/** Milliseconds between two calls to /health, and minimum duration of an outage, so that it is called several times. */
const [HEALTH_MS, LEAST_MS] = [50, 250];

/** Number of callers who write until the database crashes. Each waits for its response. */
const WRITERS = 6;
/**
 * How long they write before, in milliseconds: at least, and at most if few events have been acknowledged because the
 * machine is busy.
 */
const [WRITTEN_MS, LONGEST_WRITTEN_MS] = [250, 5_000];
/** Number of acknowledged events after which the database crashes. `acknowledged-before-a-crash` needs some of them. */
const WRITTEN = 4 * WRITERS;

const pool = promised(context.pool, 'pool');
promised(pool.queryTimeoutSeconds, 'pool.queryTimeoutSeconds');
const { max, acquireTimeoutSeconds, endpoint, refusal } = pool;

export default async function (): Promise<void> {
  await steady('steady', { each: [endpoint, ...(context.ledger ? [context.ledger.endpoint] : [])] });
  await take(STEPS);
  await untilWhole(pool);
  await steady('steady again');
  if (context.ledger) await lab.readLedger();
}

/** Breaks the database while a query is running on each pool connection, and calls every endpoint in the meantime. */
async function goThrough(planned: PlannedAction<'database outage'>, fault: Fault, lasts: boolean): Promise<void> {
  const phase = await lab.phase(planned);
  await lab.fault('database', { kind: 'lock' });
  const underWay = together(max, () => ask(endpoint, phase));
  await until(async () => (await lab.waitingForLock()) >= max, acquireTimeoutSeconds * 1_000);
  await whileCalling(healthEndpoints(), HEALTH_MS, { phase, about: 'health' }, async () => {
    const acting = lab.fault('database', fault);
    // No call may be answered before a lasting outage begins.
    if (lasts) await acting;
    const down = lasts ? ({ down: 'database' } as const) : {};
    const all = Object.keys(context.endpoints)
      .filter(isWorking)
      .flatMap((name) => [name, name]);
    const callsDuring = Promise.all([underWay, pause(LEAST_MS), ...all.map((name) => ask(name, phase, down))]);
    await acting;
    if (lasts) await callsDuring;
    await lab.heal('database');
    await callsDuring;
  });
  await untilServed(pool, async () => (await call(endpoint, { phase, about: 'again' })).status, 5_000);
}

/**
 * Writes events until the database crashes, so that some have been acknowledged immediately before. Callers write on
 * until the first one of each gets no acknowledgement.
 */
async function writeUntilCrash(planned: PlannedAction<'written until a crash'>): Promise<void> {
  if (!context.ledger) return;
  const { endpoint: writer, key, acknowledged } = context.ledger;
  const phase = await lab.phase(planned);
  let written = 0;
  let [isCrashing, isOver] = [false, false];
  const writing = together(WRITERS, async () => {
    while (!isOver) {
      const { status } = await call(writer, { phase, about: 'written', key });
      if (acknowledged.includes(status)) written += 1;
      else if (isCrashing) return;
      else await pause(20);
    }
  });
  await pause(WRITTEN_MS);
  await until(() => written >= WRITTEN, LONGEST_WRITTEN_MS);
  isCrashing = true;
  await lab.fault('database', { kind: 'restart' });
  isOver = true;
  await writing;
  await lab.heal('database');
  await untilServed(pool, async () => (await call(endpoint, { phase, about: 'again' })).status, 5_000);
}

async function ask(name: string, phase: Begun, tags: ScriptTags = {}): Promise<void> {
  const response = await call(name, {
    phase,
    about: 'during',
    ...tags,
    ...(context.ledger && { key: context.ledger.key }),
  });
  if (response.status === refusal) noteRefusal(response, { phase, of: 'database' }, context.pool?.refusalAnswer);
}
