import type { Begun } from '../../harness/contract/phases.ts';
import type { ScriptContext } from '../../harness/contract/script-context.ts';
import { CALLS_AT_ONCE } from './held-calls.ts';
import { lab } from './lab.ts';
import { call, isServed } from './service.ts';
import { pause, together, until } from './wait.ts';

type Pool = NonNullable<ScriptContext['pool']>;

/**
 * Number of milliseconds within which the pool must have all of its connections again. A pool with a backoff waits
 * longer each time.
 */
const WHOLE_WITHIN_MS = 15_000;

/** Number of calls for each process beyond the connections and the places in the queue. */
const BEYOND = 10;
/**
 * Number of milliseconds between calls that several processes accept. If calls come at the same time, one process may
 * accept nearly all of them.
 */
const SPREAD_MS = 10;

/** Number of served reads in a row for each process, after which none of several processes is likely to be left out. */
const IN_A_ROW = 10;

let rounds = 0;

/**
 * Returns the number of concurrent calls that fill the pool and its queue, so that further ones are rejected. If several
 * processes have a pool, there are enough to fill each of them, although calls are not spread evenly.
 */
export const tooMany = ({ max, queueMax = 0, processes }: Pool): number =>
  Math.min(CALLS_AT_ONCE, max + queueMax + BEYOND * processes);

/** Makes concurrent calls. If several processes have a pool, the calls begin one after another. */
export const crowd = (n: number, { processes }: Pool, act: () => Promise<unknown>): Promise<unknown> =>
  together(n, async (index) => {
    if (processes > 1) await pause(index * SPREAD_MS);
    await act();
  });

/** Returns the number of concurrent calls that all get a connection, even if a single process gets all of them. */
export const roomOf = ({ max, processes }: Pool): number => max / processes;

/** Like `roomOf`, but calls may also wait for a connection. Returns Infinity if any number may. */
export const roomWithQueueOf = ({ max, queueMax = Number.POSITIVE_INFINITY, processes }: Pool): number =>
  Math.floor((max + queueMax) / processes);

/**
 * Reads until a read is served, or several in a row if several processes have a pool, because each of them reconnects
 * when it does. Gives up after `limitMs` milliseconds.
 *
 * @param read Makes a read, and returns the status.
 */
export function untilServed(
  { endpoint, processes }: Pool,
  read: () => Promise<number>,
  limitMs: number,
): Promise<boolean> {
  const enough = processes === 1 ? 1 : IN_A_ROW * processes;
  let inARow = 0;
  return until(async () => {
    inARow = isServed(endpoint, await read()) ? inARow + 1 : 0;
    return inARow >= enough;
  }, limitMs);
}

/** How long a pool may take to work again after its connections were lost, in milliseconds. */
const AGAIN_WITHIN_MS = 5_000;

/** Reads until the pool works again. It may notice a lost connection only when a query fails on it. */
export const untilServedAgain = (pool: Pool, phase: Begun): Promise<boolean> =>
  untilServed(pool, async () => (await call(pool.endpoint, { phase, about: 'again' })).status, AGAIN_WITHIN_MS);

/** Loses the connections of n queries, and reads until the pool works again. */
export async function loseConnections(pool: Pool, n: number, phase: Begun): Promise<void> {
  await lab.fault('database', { kind: 'lock' });
  const held = together(n, () => call(pool.endpoint, { phase }));
  await until(
    async () => (await lab.waitingForLock()) >= Math.min(n, CALLS_AT_ONCE),
    pool.acquireTimeoutSeconds * 1_000,
  );
  await lab.fault('database', { kind: 'terminate' });
  await held;
  await lab.heal('database');
  await untilServedAgain(pool, phase);
}

/** Repeatedly holds all of the pool's connections until it has reached its maximum. See `pool-leaks-nothing`. */
export const untilWhole = (pool: Pool): Promise<boolean> => until(() => holdAllAgain(pool), WHOLE_WITHIN_MS);

/**
 * In a separate phase, makes as many calls as the pool's maximum wait for the table. Returns whether all of them did. If
 * several processes have a pool, more calls are needed, and the others are rejected.
 */
async function holdAllAgain(pool: Pool): Promise<boolean> {
  const { endpoint, max, acquireTimeoutSeconds, processes } = pool;
  rounds += 1;
  const phase = await lab.phase({ action: 'locked again', round: rounds });
  await lab.fault('database', { kind: 'lock' });
  const held = crowd(processes === 1 ? Math.min(max, CALLS_AT_ONCE) : tooMany(pool), pool, () =>
    call(endpoint, { phase }),
  );
  const most = Math.min(max, CALLS_AT_ONCE);
  const isWhole = await until(async () => (await lab.waitingForLock()) >= most, acquireTimeoutSeconds * 1_000);
  await pause(400);
  await lab.heal('database');
  await held;
  return isWhole;
}
