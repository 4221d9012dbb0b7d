import exec from 'k6/execution';
import { context } from './context.ts';
import { lab } from './lab.ts';
import { call, isServed } from './service.ts';
import { pause } from './wait.ts';

/** How often an endpoint is called that is not served, and how long after the previous call, in milliseconds. */
const [CALLS, AGAIN_MS] = [3, 200];

/**
 * Checks the steady state before and after a chaos scenario by calling each endpoint once. If an endpoint is not served
 * before anything is broken, and not when it is called again either, the script ends: nothing could be judged.
 */
export async function steady(action: 'steady' | 'steady again'): Promise<void> {
  const phase = await lab.phase({ action });
  for (const endpoint of Object.keys(context.endpoints)) {
    const statuses = [(await call(endpoint, { phase })).status];
    const isBroken = () => !isServed(endpoint, statuses.at(-1) ?? 0);
    while (action === 'steady' && isBroken() && statuses.length < CALLS) {
      await pause(AGAIN_MS);
      statuses.push((await call(endpoint, { phase })).status);
    }
    if (action === 'steady' && isBroken()) {
      const answers = statuses.map((status) => status || 'no answer').join(', ');
      exec.test.abort(`"${endpoint}" is not served before anything is broken: ${answers}`);
    }
  }
}
