import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls } from '../lib/break-calls.ts';
import { probe, quickFailure } from '../lib/breaker.ts';
import { allBreakers, type Breaker, promised } from '../lib/context.ts';
import { callInCrowd } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { RECOVERY } from '../lib/lasting.ts';
import { prime } from '../lib/prime.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { finishTrials } from '../lib/trials.ts';
import { pause, times } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'All upstreams fail simultaneously and recover one after the other. Each breaker opens, stays open and closes independently.',
  judges: 'simultaneous outages',
  clients: 1,
  seconds: 2 + 2 * RECOVERY,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'outages-apart', 'recovers'],
};

const BREAKERS = allBreakers();
promised(BREAKERS[1], 'second breaker in this profile');

/** Number of simultaneous calls once an upstream has recovered. */
const MANY = 5;

export default async function (): Promise<void> {
  await steady('steady', { each: BREAKERS.map(({ endpoint }) => endpoint) });
  const primed = await prime(BREAKERS);
  for (const breaker of BREAKERS) await breakCalls(breaker.upstream, quickFailure(breaker));
  const outages: { breaker: Breaker; of: number }[] = [];
  for (const breaker of BREAKERS) {
    const phase = await lab.phase({ action: 'both out', breaker: breaker.name, ...primed });
    await times(breaker.opening.failures, () => call(breaker.endpoint, { phase }));
    outages.push({ breaker, of: phase.id });
  }
  for (const { breaker, of } of outages) await probe(breaker, await lab.phase({ when: 'after', of }));
  for (const breaker of BREAKERS) await comeBack(breaker);
  await steady('steady again');
}

/**
 * Heals one upstream and closes its breaker with trials. The upstreams before it in the contract have already
 * recovered.
 */
async function comeBack(breaker: Breaker): Promise<void> {
  const { name, upstream, endpoint, trying } = breaker;
  const back = await lab.phase({ action: 'back', breaker: name });
  await lab.heal(upstream);
  // A breaker may decide only after all trials, and reopen because of those that failed before the upstream was back.
  const made = await makeTrials(breaker, back);
  if (made > 0 && made < trying.total) await makeTrials(breaker, back);
  const phase = await lab.phase({ action: 'closed again', breaker: name });
  await callInCrowd(endpoint, MANY, phase);
}

/**
 * Makes calls until one of them reaches the upstream, which is a trial, and then the trials that remain. Returns how
 * many reached it. The statuses don't show this, because the endpoint may need another upstream, too.
 */
async function makeTrials(breaker: Breaker, phase: Begun): Promise<number> {
  const { upstream, endpoint, recoverySeconds } = breaker;
  const before = await lab.arrivals(upstream);
  const deadline = Date.now() + recoverySeconds * 2_000;
  while (Date.now() < deadline && (await lab.arrivals(upstream)) === before) {
    await call(endpoint, { phase });
    await pause(recoverySeconds * 20);
  }
  await finishTrials(breaker, phase);
  return (await lab.arrivals(upstream)) - before;
}
