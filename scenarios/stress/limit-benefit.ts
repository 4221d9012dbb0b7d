import type { Proof } from '../../harness/contract/proof.ts';
import { slowDown } from '../lib/break-calls.ts';
import { context, distinctClients, find, limitNames, promised } from '../lib/context.ts';
import { widthOf } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { REFUSED_VOLLEYS, sendVolleys } from '../lib/refused-volleys.ts';
import { runOnce } from '../lib/run-once.ts';
import { call } from '../lib/service.ts';
import { atMost, pauseUntil, together } from '../lib/wait.ts';
import { awaitClockWindow } from '../lib/windows.ts';

export { handleSummary } from '../lib/summary.ts';

/** The settings for the service's processes, in order. */
const VARIANTS = ['with limits', 'without limits'];

const firstUpstream = (endpoint: string): string | undefined =>
  find(context.endpoints, endpoint).reaches.find((name) => context.upstreams[name]?.protocol === 'http');

const [LIMIT] = limitNames()
  .filter((name) => context.limits[name]?.clients === 'apart')
  .sort((a, b) => Number(firstUpstream(a) === undefined) - Number(firstUpstream(b) === undefined));
const limit = promised(LIMIT, 'limit that each client has for itself');
const { max, windowSeconds } = find(context.limits, limit);
const upstream = firstUpstream(limit);

export const proof: Proof = {
  about:
    'A client sends four times as many calls as its limit allows, to a service with limits and to one without, while ' +
    'another client sends a few. Limits spare the service most of the excess calls, and the other client is served. ' +
    'Refused calls delay others no more than calls without limits.',
  judges: 'benefit of limits',
  clients: distinctClients(VARIANTS.length),
  seconds: 5,
  conditions: [],
  beside: [['no-rate-limits']],
  holds: ['limit-benefit', 'refusals-delay-nobody'],
  plan: REFUSED_VOLLEYS,
};

/**
 * Number of calls of the abuser, how many are in progress at once, and the latency of the upstream in milliseconds. A
 * limit admits a whole window's calls at once, which alone must not use up the service.
 */
const [CALLS, IN_FLIGHT, SLOW_MS] = [4 * max, 20, 300];
/** Number of calls of the other client, and milliseconds between them. */
const [OTHERS, EVERY_MS] = [Math.min(5, max), 50];

export const options = runOnce({ clients: VARIANTS.length });

/** The first client abuses the service, and the second one behaves well. */
export default async function (): Promise<void> {
  for (const [process, variant] of VARIANTS.entries()) {
    if (__VU === 1) await abuse(variant, process);
    else await behave(variant, process);
  }
  if (__VU === 1) await sendVolleys();
}

async function abuse(variant: string, process: number): Promise<void> {
  await awaitClockWindow(windowSeconds * 1_000);
  const phase = await lab.phase({ action: 'abuse beside', variant });
  // Calls that take a while compete with each other.
  if (upstream !== undefined) await slowDown(upstream, SLOW_MS);
  let answered = 0;
  await atMost(widthOf(limit, IN_FLIGHT), CALLS, async () => {
    await call(limit, { phase, about: 'abuse' }, { process });
    answered += 1;
    // The limit, if there is one, is used up now.
    if (answered === max) await lab.signal(`abuse ${variant}`);
  });
  await lab.awaitSignal(`behaved ${variant}`, 60_000);
  if (upstream !== undefined) await lab.heal(upstream);
}

async function behave(variant: string, process: number): Promise<void> {
  await lab.awaitSignal(`abuse ${variant}`, 60_000);
  const phase = await lab.currentPhase();
  const began = Date.now();
  await together(OTHERS, async (index) => {
    await pauseUntil(began + (index + 1) * EVERY_MS);
    await call(limit, { phase, about: 'well-behaved' }, { process });
  });
  await lab.signal(`behaved ${variant}`);
}
