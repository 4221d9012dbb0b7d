import { type PromisedTimeout, promisedTimeouts } from '../../contract/promised-timeouts.ts';
import type { RequestSample } from '../../history/events.ts';
import type { Facts } from './checker.ts';

/** Returns the promised timeout of an endpoint. Undefined if there is none. */
export function timeoutOf(
  { contract, numbers, faults }: Pick<Facts, 'contract' | 'numbers' | 'faults'>,
  endpoint: string | undefined,
): PromisedTimeout | undefined {
  return promisedTimeouts(contract, numbers, faults).find((timeout) => timeout.endpoint === endpoint);
}

/**
 * Whether a call got its answer so late that its timeout may be the reason. A busy machine delays the answer of the
 * upstream.
 */
export function isTimedOut(facts: Facts, { status, ms, tags }: RequestSample): boolean {
  const { seconds = Number.POSITIVE_INFINITY } = timeoutOf(facts, tags.endpoint) ?? {};
  return status !== 0 && ms >= seconds * 1_000;
}
