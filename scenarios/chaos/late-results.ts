import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { beginCall, failTogether, probe, quickFailure } from '../lib/breaker.ts';
import { allBreakers, type Breaker } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { RECOVERY } from '../lib/lasting.ts';
import { settle } from '../lib/prime.ts';
import { steady } from '../lib/steady.ts';
import { finishTrials } from '../lib/trials.ts';
import { pauseUntil } from '../lib/wait.ts';
import { working } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const BREAKERS = allBreakers();

export const proof: Proof = {
  about:
    'Calls that began before the breaker opened end while it is open, and during its trial. Their results do not ' +
    'change its state.',
  judges: 'late results',
  clients: 1,
  seconds: 2 + 2 * BREAKERS.length * (RECOVERY + 2),
  conditions: ['no-rate-limits', 'long-calls'],
  holds: ['steady-state', 'late-results-ignored', 'recovers'],
};

/** Latency of a late call that ends while the breaker is open, in milliseconds. */
const LATE_MS = 1_000;
/**
 * When a late call ends, in milliseconds after the recovery timeout, and the duration of the trial that is running at
 * that time.
 */
const LATER_MS = 1_200;
const TRIAL_MS = 1_500;

export default async function (): Promise<void> {
  await steady('steady', { any: BREAKERS.map(({ endpoint }) => endpoint) });
  for (const breaker of working(BREAKERS)) {
    await succeedLate(breaker);
    await failLate(breaker);
  }
  await steady('steady again');
}

async function succeedLate(breaker: Breaker): Promise<void> {
  const phase = await lab.phase({ action: 'late successes', breaker: breaker.name, ...(await settle(breaker)) });
  const { late, later } = await beginLate(breaker, phase, []);
  await failTogether(breaker, breaker.opening.beside, phase);
  const opened = Date.now();
  await late;
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
  const trial = await tryBeside(breaker, await lab.phase({ when: 'trial beside', of: phase.id }), opened);
  await later;
  const halfOpen = await lab.phase({ when: 'half-open after', of: phase.id });
  await probe(breaker, halfOpen);
  await trial.answered;
  await finishTrials(breaker, await lab.phase({ when: 'recovery from', of: phase.id }));
}

async function failLate(breaker: Breaker): Promise<void> {
  const phase = await lab.phase({ action: 'late failures', breaker: breaker.name, ...(await settle(breaker)) });
  const { late, later } = await beginLate(breaker, phase, [quickFailure(breaker)]);
  await failTogether(breaker, breaker.opening.beside, phase);
  const opened = Date.now();
  await late;
  const trial = await tryBeside(breaker, await lab.phase({ when: 'trial beside', of: phase.id }), opened);
  await Promise.all([later, trial.answered]);
  await probe(breaker, await lab.phase({ when: 'closed after', of: phase.id }));
}

/**
 * Starts two calls that reach the upstream now and end late: one while the breaker is open, and one during its trial.
 */
async function beginLate(breaker: Breaker, phase: Begun, how: Parameters<typeof beginCall>[2]) {
  const after = (milliseconds: number) => [{ kind: 'latency', milliseconds }, ...how];
  const late = await beginCall(breaker, { phase, about: 'late' }, after(LATE_MS));
  const duringTrial = after(breaker.recoverySeconds * 1_000 + LATER_MS);
  const later = await beginCall(breaker, { phase, about: 'later' }, duringTrial);
  return { late: late.answered, later: later.answered };
}

/** Starts a trial on a healthy but slow upstream. Resolves with its pending response once it is in flight. */
async function tryBeside(breaker: Breaker, phase: Begun, opened: number) {
  await pauseUntil(opened + breaker.recoverySeconds * 1_000);
  return beginCall(breaker, { phase, about: 'trial' }, [{ kind: 'latency', milliseconds: TRIAL_MS }]);
}
