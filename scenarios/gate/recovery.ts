import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls } from '../lib/break-calls.ts';
import { quickFailure } from '../lib/breaker.ts';
import { allBreakers, type Breaker } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { RECOVERY } from '../lib/lasting.ts';
import { prime } from '../lib/prime.ts';
import { call, isServed } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, times, until } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const breakers = allBreakers();

export const proof: Proof = {
  about:
    'Opens each breaker and heals its upstream immediately. The service recovers; the gate compares how long it takes.',
  judges: 'time to recover',
  clients: 1,
  seconds: 2 + breakers.length * RECOVERY,
  alone: true,
  keepsConnections: true,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'recovers'],
  plan: breakers.map(recoveryOf),
};

export default async function (): Promise<void> {
  await steady('steady');
  for (const breaker of breakers) await openAndHeal(breaker);
  await steady('steady again');
}

function recoveryOf({ upstream }: Breaker): PlannedAction<'recovery of'> {
  return { action: 'recovery of', upstream };
}

async function openAndHeal(breaker: Breaker): Promise<void> {
  const { upstream, endpoint, opening, recoverySeconds } = breaker;
  const outage = await lab.phase({ action: 'outage of', upstream, ...(await prime([breaker])) });
  await breakCalls(upstream, quickFailure(breaker));
  await times(opening.failures, () => call(endpoint, { phase: outage }));
  const phase = await lab.phase(recoveryOf(breaker));
  await lab.heal(upstream);
  await until(async () => {
    const { status } = await call(endpoint, { phase });
    if (!isServed(endpoint, status)) await pause(recoverySeconds * 5);
    return isServed(endpoint, status);
  }, recoverySeconds * 3_000);
}
