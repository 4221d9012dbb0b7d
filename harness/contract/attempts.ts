import type { Seen } from '../../faults/kinds/lib/nature.ts';
import type { PromisedCalls } from '../../mocks/promised-calls.ts';
import type { Contract } from './contract.ts';
import { isQuick, type KnownFaults, seenAs } from './known-faults.ts';

type Breaker = Contract['breakers'][string];
type Fault = Readonly<Breaker['failures'][number]>;
type Upstreams = { readonly upstreams: Readonly<Record<string, { readonly calls?: unknown }>> };

/** The promise for an upstream whose calls the contract doesn't describe. */
const ONCE: PromisedCalls = { attempts: 1, never: [], hints: [] };

/** Returns a contract's promises about the service's calls to an upstream. By default, each is attempted once. */
export function promisedCallsOf({ upstreams }: Upstreams, upstream: string): PromisedCalls {
  const calls = upstreams[upstream]?.calls;
  // In a TCP upstream, it is the name of what counts as a call.
  return typeof calls === 'object' ? (calls as PromisedCalls) : ONCE;
}

/**
 * Whether a request is sent again after a failure, or undefined if the contract leaves it open. A specific status
 * overrides its class, so that 429 can be retried while 4xx can't.
 */
export function isPromisedAgain({ on = [], never }: PromisedCalls, seen: Seen | undefined): boolean | undefined {
  if (seen === undefined) return undefined;
  if (on.includes(seen)) return true;
  if (never.includes(seen)) return false;
  const kind = typeof seen === 'number' ? classOf(seen) : seen;
  if (kind === undefined) return undefined;
  if (on.includes(kind)) return true;
  return never.includes(kind) ? false : undefined;
}

function classOf(status: number): '4xx' | '5xx' | undefined {
  if (status >= 500) return '5xx';
  return status >= 400 ? '4xx' : undefined;
}

/**
 * Whether the contract promises that a call that meets the fault is attempted only once. The upstream's x-should-retry
 * overrides the failure, if the contract says that the service obeys it.
 */
export function isAttemptedOnce(calls: PromisedCalls, fault: Fault, known: KnownFaults): boolean {
  if (calls.attempts === 1) return true;
  const { shouldRetry } = fault;
  const isDecided = typeof shouldRetry === 'boolean' && calls.hints.includes('x-should-retry');
  return (isDecided ? shouldRetry : isPromisedAgain(calls, seenAs(fault, known))) === false;
}

/** Whether the contract promises that a call that gets no response in time is attempted only once. */
export const isTimeoutOnce = (calls: PromisedCalls): boolean =>
  calls.attempts === 1 || isPromisedAgain(calls, 'timeout') === false;

/**
 * Splits the failures of a breaker. Scenarios count failures by the requests that arrive, so they use those that are
 * attempted `once`. Whether the breaker counts calls or attempts makes no difference to them.
 */
export function failuresOf({ failures }: Pick<Breaker, 'failures'>, calls: PromisedCalls, known: KnownFaults) {
  const { once = [], repeated = [] } = Object.groupBy(failures, (fault) =>
    isAttemptedOnce(calls, fault, known) ? 'once' : 'repeated',
  );
  return { once, repeated };
}

/** Whether scenarios can judge a breaker: one of its failures is attempted once, and fails a call as it arrives. */
export function isJudged(
  contract: Upstreams,
  breaker: Pick<Breaker, 'failures' | 'upstream'>,
  known: KnownFaults,
): boolean {
  const calls = promisedCallsOf(contract, breaker.upstream);
  if (calls.attempts === 1) return true;
  return failuresOf(breaker, calls, known).once.some((fault) => isQuick(fault, known));
}
