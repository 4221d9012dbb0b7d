import type { Action } from '../../harness/contract/phase.ts';
import type { ScriptContext } from '../../harness/contract/script-context.ts';
import { lab } from './lab.ts';
import { call } from './service.ts';
import { pause, together, until } from './wait.ts';

type Pool = NonNullable<ScriptContext['pool']>;

/**
 * Number of milliseconds within which the pool must have all of its connections again. A pool with a backoff waits
 * longer each time.
 */
const WHOLE_WITHIN_MS = 15_000;

let rounds = 0;

/** Repeatedly holds all of the pool's connections until it has reached its maximum. See `pool-leaks-nothing`. */
export const untilWhole = (pool: Pool): Promise<boolean> => until(() => holdAllAgain(pool), WHOLE_WITHIN_MS);

/**
 * In a separate phase, makes as many calls as the pool's maximum wait for the table. Returns whether all of them did.
 */
async function holdAllAgain({ endpoint, max, acquireTimeoutSeconds }: Pool): Promise<boolean> {
  rounds += 1;
  const phase: Action = `locked again ${rounds}`;
  await lab.phase(phase);
  await lab.fault('database', { kind: 'lock' });
  const held = together(max, () => call(endpoint, { phase }));
  const isWhole = await until(async () => (await lab.waitingForLock()) >= max, acquireTimeoutSeconds * 1_000);
  await pause(400);
  await lab.heal('database');
  await held;
  return isWhole;
}
