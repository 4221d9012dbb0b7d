import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import { breakCalls } from './break-calls.ts';
import { callUntilServed, probe, quickFailure } from './breaker.ts';
import type { Breaker } from './context.ts';
import { callInCrowd } from './held-calls.ts';
import { lab } from './lab.ts';
import { call } from './service.ts';
import { pause, times } from './wait.ts';

/** Whether more than one trial decides if a breaker closes. */
export const hasSeveralTrials = ({ trying }: Breaker): boolean => trying.total > 1;

/** Whether a breaker may have a successful trial and not close. */
export const mayFallShort = ({ trying }: Breaker): boolean => trying.toClose > 1;

/** Makes calls until a breaker is closed: first until a call is served, then the remaining trials. */
export async function close(breaker: Breaker, phase: Begun): Promise<void> {
  await callUntilServed(breaker, phase);
  await finishTrials(breaker, phase);
}

/** When a trial is made, in milliseconds after the recovery timeout, and how many callers wait for its result. */
const DUE_MS = 600;
const CROWD = 5;

/** Returns the phase in which several callers wait for a good trial. */
export const crowdInTrial = ({ name }: Breaker): PlannedAction<'crowd in trial'> => ({
  action: 'crowd in trial',
  breaker: name,
});

/** Lets several callers call during a good trial, and heals the slow upstream. The breaker has just opened. */
export async function waitForTrial(breaker: Breaker): Promise<void> {
  const { upstream, endpoint, recoverySeconds } = breaker;
  await pause(recoverySeconds * 1_000 + DUE_MS);
  const phase = await lab.phase(crowdInTrial(breaker));
  await callInCrowd(endpoint, CROWD, phase);
  await lab.heal(upstream);
}

/** Makes the trials that remain after a successful one. All of them succeed. */
export async function finishTrials({ endpoint, trying }: Breaker, phase: Begun): Promise<void> {
  await times(trying.total - 1, () => call(endpoint, { phase }));
}

/**
 * Makes one successful trial too few to close the breaker, followed only by failures, so that the breaker reopens. The
 * first trial was served in the previous phase.
 */
export async function fallShort(breaker: Breaker): Promise<void> {
  const { endpoint, upstream, trying } = breaker;
  const phase = await lab.phase({ action: 'one good trial too few' });
  await times(trying.toClose - 2, () => call(endpoint, { phase, about: 'success' }));
  await breakCalls(upstream, quickFailure(breaker));
  await times(trying.total - trying.toClose + 1, () => call(endpoint, { phase, about: 'failure' }));
  await lab.heal(upstream);
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
  await callUntilServed(breaker, await lab.phase({ action: 'reopened again' }));
}

/**
 * Makes the trials that remain after a successful one: first as many failures as are allowed, then successes. The
 * breaker is then closed.
 */
export async function closeWithFailures(breaker: Breaker): Promise<void> {
  const { endpoint, upstream, trying } = breaker;
  const phase = await lab.phase({ action: 'closing' });
  const failures = trying.total - trying.toClose;
  if (failures > 0) await breakCalls(upstream, quickFailure(breaker), failures);
  await times(trying.total - 1, () => call(endpoint, { phase }));
}
