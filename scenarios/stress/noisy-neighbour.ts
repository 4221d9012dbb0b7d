import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { context, healthEndpoints, POOL_ALONE, promised } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { untilServed, untilWhole } from '../lib/pool.ts';
import { noteRefusal } from '../lib/refusals.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, together } from '../lib/wait.ts';
import { whileCalling } from '../lib/while-calling.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'Another client takes most and then all of the connection slots of PostgreSQL. Reads are served or rejected in ' +
    'time, and served again once it leaves.',
  judges: 'noisy neighbours',
  clients: 1,
  seconds: 6,
  holdsCalls: true,
  conditions: ['no-rate-limits', ...POOL_ALONE],
  plan: [{ action: 'neighbour leaves few' }, { action: 'neighbour leaves none' }, { action: 'neighbour has left' }],
  holds: ['steady-state', 'noisy-neighbour-survived', 'pool-says-when', 'pool-leaks-nothing', 'recovers'],
};

const pool = promised(context.pool, 'pool');
const { endpoint, max, refusal } = pool;
/**
 * Number of readers beyond the pool's maximum, how long they run in milliseconds, and milliseconds between two calls of
 * each.
 */
const [BEYOND, LOAD_MS, EVERY_MS] = [5, 1_000, 50];
/** Milliseconds within which a pool must reconnect, regardless of its backoff. */
const SERVED_WITHIN_MS = 15_000;

export default async function (): Promise<void> {
  await steady('steady', { each: [endpoint] });
  await readWhile('neighbour leaves few', Math.max(1, Math.floor(max / 2)));
  await readWhile('neighbour leaves none', 0);

  const phase = await lab.phase({ action: 'neighbour has left' });
  await lab.heal('database');
  await untilServed(pool, () => read(phase, 'again'), SERVED_WITHIN_MS);
  await untilWhole(pool);
  await steady('steady again');
}

/**
 * Reads while the neighbor leaves only the given number of slots. The service loses its connections first, because
 * otherwise it wouldn't need any slots.
 */
async function readWhile(action: 'neighbour leaves few' | 'neighbour leaves none', leave: number): Promise<void> {
  const phase = await lab.phase({ action });
  await lab.fault('database', { kind: 'terminate' });
  await lab.fault('database', { kind: 'slots', leave });
  const ends = Date.now() + LOAD_MS;
  const readUntilEnd = async () => {
    while (Date.now() < ends) {
      await read(phase, 'during');
      await pause(EVERY_MS);
    }
  };
  await whileCalling(healthEndpoints(), 2 * EVERY_MS, { phase, about: 'health' }, () =>
    together(max + BEYOND, readUntilEnd),
  );
}

async function read(phase: Begun, about: string): Promise<number> {
  const response = await call(endpoint, { phase, about });
  if (response.status === refusal) noteRefusal(response, { phase, of: 'database' }, context.pool?.refusalAnswer);
  return response.status;
}
