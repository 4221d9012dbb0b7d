import type { PromisedCalls } from '../../mocks/promised-calls.ts';
import type { Contract } from './contract.ts';

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

/** A failure as a client sees it: a status, no response in time, no connection, or a response that can't be used. */
export type Seen = number | 'timeout' | 'connection' | 'body';

const SEEN: Readonly<Record<string, Seen>> = {
  reset: 'connection',
  'reset-in-headers': 'connection',
  'half-close': 'connection',
  refuse: 'connection',
  hang: 'timeout',
  stall: 'timeout',
  drip: 'timeout',
  'keep-alives': 'timeout',
  // As a failure, a delay is longer than the timeout.
  latency: 'timeout',
  'latency-ramp': 'timeout',
  'slow-first-token': 'timeout',
  cut: 'body',
  'error-in-body': 'body',
  'malformed-json': 'body',
  'partial-json': 'body',
  'reset-in-body': 'body',
};

/** Returns how a client sees a fault, or undefined if that depends on the call, as for a fault of streams. */
export function seenAs({ kind, status }: Fault): Seen | undefined {
  if (kind === 'html-page') return typeof status === 'number' ? status : 502;
  return SEEN[kind] ?? (kind === 'status' ? (status as number) : undefined);
}

/**
 * Whether a request is sent again after a failure, or undefined if the contract leaves it open. A status counts more
 * than its class, so that 429 can be repeated while 4xx can't.
 */
export function isPromisedAgain({ on = [], never }: PromisedCalls, seen: Seen | undefined): boolean | undefined {
  if (seen === undefined) return undefined;
  if (on.includes(seen)) return true;
  if (never.includes(seen)) return false;
  const itsClass = typeof seen === 'number' ? (seen < 500 ? '4xx' : '5xx') : seen;
  if (on.includes(itsClass)) return true;
  return never.includes(itsClass) ? false : undefined;
}

/**
 * Whether the contract promises that a call that meets the fault is attempted only once. The upstream's x-should-retry
 * counts more than the failure, if the contract says that the service obeys it.
 */
export function isAttemptedOnce(calls: PromisedCalls, fault: Fault): boolean {
  if (calls.attempts === 1) return true;
  const { shouldRetry } = fault;
  const isDecided = typeof shouldRetry === 'boolean' && calls.hints.includes('x-should-retry');
  return (isDecided ? shouldRetry : isPromisedAgain(calls, seenAs(fault))) === false;
}

/**
 * Splits the failures of a breaker. Scenarios count failures by the requests that arrive, so they use those that are
 * attempted `once`. Whether the breaker counts calls or attempts makes no difference to them.
 */
export function failuresOf({ failures }: Pick<Breaker, 'failures'>, calls: PromisedCalls) {
  const { once = [], repeated = [] } = Object.groupBy(failures, (one) =>
    isAttemptedOnce(calls, one) ? 'once' : 'repeated',
  );
  return { once, repeated };
}

/** Whether the fault fails a single call as it arrives. A refused connection concerns all calls. */
export function isQuick(fault: Fault): boolean {
  const seen = seenAs(fault);
  return seen !== undefined && seen !== 'timeout' && fault.kind !== 'refuse';
}

/** Whether scenarios can judge a breaker: one of its failures is attempted once, and fails a call as it arrives. */
export function isJudged(contract: Upstreams, breaker: Pick<Breaker, 'failures' | 'upstream'>): boolean {
  const calls = promisedCallsOf(contract, breaker.upstream);
  if (calls.attempts === 1) return true;
  return failuresOf(breaker, calls).once.some(isQuick);
}
