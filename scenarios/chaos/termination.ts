import type { Options } from 'k6/options';
import type { Action } from '../../harness/contract/phase.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { context, promised } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, together } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'The service is stopped by SIGTERM and by SIGKILL while it is being called. Each acknowledged event is stored ' +
    'exactly once.',
  judges: 'data loss at termination',
  clients: 1,
  seconds: 8,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'acknowledged-is-stored', 'recovers'],
};

const { endpoint, key } = promised(context.ledger, 'ledger');

/** Number of concurrent calls. */
const IN_FLIGHT = 4;
/** How long the load lasts before the service is terminated and after it is back, in milliseconds. */
const LOAD_MS = 500;

export const options: Options = {
  scenarios: { termination: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '5m' } },
  thresholds: { iterations: ['count==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  await terminate('SIGTERM');
  await terminate('SIGKILL');
  await steady('steady again');
}

/** Calls the endpoint continuously while the service is terminated and restarted, and then reads the stored events. */
async function terminate(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const phase: Action = `terminated by ${signal}`;
  await lab.phase(phase);
  let over = false;
  const load = together(IN_FLIGHT, async () => {
    while (!over) {
      const { status } = await call(endpoint, { phase, key });
      if (status === 0) await pause(20);
    }
  });
  await pause(LOAD_MS);
  await lab.restartService(signal);
  await pause(LOAD_MS);
  over = true;
  await load;
  await lab.readLedger();
}
