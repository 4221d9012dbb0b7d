import { Counter } from 'k6/metrics';
import type { Action } from '../../harness/contract/phase.ts';
import { breakCalls } from './break-calls.ts';
import { callUntilServed } from './breaker.ts';
import { context, type Fault, type Path } from './context.ts';
import { lab } from './lab.ts';
import { dilute } from './prime.ts';
import { call, isServed } from './service.ts';
import { tellsError } from './tells-error.ts';
import { pause } from './wait.ts';

/** Counts the streams that tell their caller of an error. */
const errorsInStreams = new Counter('errors_in_streams');

/** A call to an endpoint while one of its upstreams fails. */
export interface FailingCall extends Path {
  /** The name of the fault, without blanks. Checkers find it in the name of the phase. */
  readonly name: string;
  readonly fault: Fault;
  /** Number of seconds after which the caller leaves. Defaults to that of every call. */
  readonly seconds?: number | undefined;
}

/**
 * Number of milliseconds within which a background retry with a short delay arrives, so that it is attributed to the
 * right phase.
 */
const SOON_MS = 100;

/**
 * Makes one call that fails, and one after the upstream was healed. The fault lasts until the first call has ended, so
 * that all of its retries fail. The second call resets the count of failures, so that no breaker opens.
 *
 * @returns whether the second call was served
 */
export async function failOnce({ endpoint, upstream, name, fault, seconds }: FailingCall): Promise<boolean> {
  const phase: Action = `failing ${upstream} ${name} in ${endpoint}`;
  await dilute(upstream, endpoint, 'served before');
  await lab.phase(phase);
  await breakCalls(upstream, fault);
  const failed = await call(endpoint, { phase, about: 'failing' }, seconds === undefined ? {} : { seconds });
  if (tellsError(failed)) errorsInStreams.add(1, { phase });
  await pause(SOON_MS);
  await lab.heal(upstream);
  const { status } = await call(endpoint, { phase, about: 'again' });
  await dilute(upstream, endpoint, 'served again');
  return isServed(endpoint, status);
}

/** Makes calls until the breakers of an upstream have closed. The retries of a single call may have opened them. */
export async function untilClosed({ endpoint, upstream }: Path): Promise<void> {
  const [breaker] = Object.entries(context.breakers).filter(([, one]) => one.upstream === upstream);
  if (!breaker) return;
  const [name, described] = breaker;
  await lab.phase('recovery');
  await callUntilServed({ name, ...described, endpoint }, 'recovery');
}
