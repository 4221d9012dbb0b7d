import exec from 'k6/execution';
import { statusText } from '../../harness/callers/meaning-of.ts';
import { context } from './context.ts';
import { lab } from './lab.ts';
import { call, isServed } from './service.ts';
import { pause } from './wait.ts';
import { isWorking, noteBroken } from './working.ts';

/** How often an endpoint is called that is not served, and how long after the previous call, in milliseconds. */
const [CALLS, AGAIN_MS] = [3, 200];

/** The endpoints that a scenario calls after the steady state. */
interface Needed {
  /** Endpoints without which nothing can be judged. Defaults to none. */
  readonly each?: readonly string[];
  /** Endpoints that are judged separately: at least one of them has to work. Defaults to none. */
  readonly any?: readonly string[];
}

/**
 * Checks the steady state before and after a chaos scenario by calling each endpoint once. If an endpoint that the
 * scenario needs is not served before anything is broken, and not when it is called again either, the script ends:
 * nothing could be judged. Other endpoints that are not served are left out afterwards.
 *
 * @param needed Defaults to each endpoint of the contract.
 */
export async function steady(
  action: 'steady' | 'steady again',
  needed: Needed = { each: Object.keys(context.endpoints) },
): Promise<void> {
  const { each = [], any = [] } = needed;
  const phase = await lab.phase({ action });
  const answers: string[] = [];
  for (const endpoint of Object.keys(context.endpoints).filter(isWorking)) {
    const about = each.includes(endpoint) || any.includes(endpoint) ? {} : { about: 'not needed' };
    const statuses = [(await call(endpoint, { phase, ...about })).status];
    const isBroken = () => !isServed(endpoint, statuses.at(-1) ?? 0);
    while (action === 'steady' && isBroken() && statuses.length < CALLS) {
      await pause(AGAIN_MS);
      statuses.push((await call(endpoint, { phase, ...about })).status);
    }
    if (action !== 'steady' || !isBroken()) continue;
    noteBroken(endpoint);
    answers.push(`"${endpoint}": ${statuses.map(statusText).join(', ')}`);
    if (!each.every(isWorking) || (any.length > 0 && !any.some(isWorking)))
      exec.test.abort(`not served before anything is broken: ${answers.join('; ')}`);
  }
}
