import type { PlannedAction } from '../../harness/contract/phases.ts';
import { breakCalls, healFrom } from './break-calls.ts';
import { context, type Fault, find, type Path } from './context.ts';
import { isWaiting } from './failures.ts';
import { lab } from './lab.ts';
import { noteBody } from './note-body.ts';
import { noteComplete, noteError } from './note-streams.ts';
import { dilute } from './prime.ts';
import { call, isServed } from './service.ts';
import { pause, until } from './wait.ts';

/** A call to an endpoint while one of its upstreams fails. */
export interface FailingCall extends Path {
  /** The name of the fault, which checkers find in the phase. */
  readonly name: string;
  readonly fault: Fault;
  /** Number of seconds after which the caller leaves. Defaults to that of every call. */
  readonly seconds?: number | undefined;
}

/** Returns the phase that `failOnce` begins, for the plan of a scenario. */
export const phaseOf = ({ endpoint, upstream, name }: FailingCall): PlannedAction<'failing'> => ({
  action: 'failing',
  upstream,
  fault: name,
  endpoint,
});

/** Returns how long a caller waits for an answer with a promised time, to see whether it is late or never comes. */
export const longEnough = (promised: number): number => 2 * promised + 5;

/**
 * Number of milliseconds within which a background retry with a short delay arrives, so that it is attributed to the
 * right phase.
 */
export const SOON_MS = 100;
/**
 * Maximum number of milliseconds to wait for a call that waits at the upstream although its caller got an answer. A
 * service that ends the call does not wait.
 */
const GO_ON_MS = 2_500;

/**
 * Makes one call that fails, and one after the upstream was healed. The fault lasts until the first call has ended, so
 * that all of its retries fail. The second call resets the count of failures, so that no breaker opens.
 *
 * @returns whether the second call was served
 */
export async function failOnce(failing: FailingCall): Promise<boolean> {
  const { endpoint, upstream, fault, seconds } = failing;
  await dilute(upstream, endpoint);
  const phase = await lab.phase(phaseOf(failing));
  const keyed = context.ledger && { key: context.ledger.key };
  const open = isWaiting(fault) ? await lab.inProgress(upstream) : 0;
  await breakCalls(upstream, fault);
  const failed = await call(endpoint, { phase, about: 'failing', ...keyed }, seconds === undefined ? {} : { seconds });
  noteError(endpoint, failed, { phase });
  noteComplete(endpoint, failed, { phase, about: 'failing' });
  noteBody(failed, { phase });
  await pause(SOON_MS);
  const mayContinue = find(context.upstreams, upstream).calls.timedOut === 'continues';
  if (isWaiting(fault) && !mayContinue) await until(async () => (await lab.inProgress(upstream)) <= open, GO_ON_MS);
  await healFrom(upstream, fault);
  const again = await call(endpoint, { phase, about: 'again', ...keyed });
  noteError(endpoint, again, { phase, about: 'again' });
  noteComplete(endpoint, again, { phase, about: 'again' });
  await dilute(upstream, endpoint);
  return isServed(endpoint, again.status);
}

/** How long to wait until a breaker has closed, as a multiple of its recovery timeout. */
const PATIENCE = 3.5;

/**
 * Makes calls until a breaker of the upstream has closed. The retries of a single call may have opened it. The calls
 * are those of the breaker's endpoint, because one with a fallback is served while the breaker is open.
 *
 * @returns whether a call was served, or false if the upstream has no breaker
 */
export async function untilClosed({ upstream }: Pick<Path, 'upstream'>): Promise<boolean> {
  const breaker = Object.values(context.breakers).find((candidate) => candidate.upstream === upstream);
  if (!breaker) return false;
  const { endpoint } = breaker;
  const phase = await lab.phase({ action: 'recovery by calls', upstream });
  const isBack = async () => isServed(endpoint, (await call(endpoint, { phase })).status);
  return until(isBack, breaker.recoverySeconds * PATIENCE * 1_000);
}

/** Whether the contract says of which failed calls the ledger has no row. */
export const promisesNoRows = (): boolean =>
  context.ledger !== undefined && Object.values(context.endpoints).some(({ storesNothing }) => storesNothing);
