import type { Begun } from '../../harness/contract/phases.ts';
import { breakCalls, slowDown } from './break-calls.ts';
import { context, describedBreakers, type Path } from './context.ts';
import { lab } from './lab.ts';
import { call } from './service.ts';
import { together } from './wait.ts';

/** The longest delay, and those of a database, each of which may be added to several queries, in milliseconds. */
const LONGEST_MS = 500;
const QUERY_MS = 300;
/** The maximum delay, as a share of a call timeout, or of the time in which a service must exit. */
const SHARE = 0.5;
/** The same for a call that takes nearly as long as it may. */
const NEARLY = 0.8;

/**
 * A call that can be delayed, and the HTTP upstream or database that delays it: the ledger's call if there is one.
 * Undefined if the contract has no such call.
 */
export const HELD: Path | undefined = heldCall();

function heldCall(): Path | undefined {
  const { ledger, pool, endpoints, upstreams } = context;
  const names = ledger ? [ledger.endpoint] : Object.keys(endpoints);
  const paths = names.flatMap((endpoint) =>
    (endpoints[endpoint]?.reaches ?? []).map((upstream) => ({ endpoint, upstream })),
  );
  const found = paths.find(({ upstream }) => upstreams[upstream]?.protocol === 'http');
  const stored = ledger?.endpoint ?? pool?.endpoint;
  return found ?? (stored === undefined ? undefined : { endpoint: stored, upstream: 'database' });
}

/** Returns the duration of a delay, in milliseconds. It is well below all timeouts in the contract. */
export const holdMs = (upstream: string): number =>
  Math.min(
    servedDelayMs(upstream, upstream === 'database' ? QUERY_MS : LONGEST_MS),
    (context.termination?.graceSeconds ?? Number.POSITIVE_INFINITY) * 1_000 * SHARE,
  );

/**
 * Returns the delay in milliseconds of a call that takes nearly as long as its promised timeout allows, and that ends
 * before an ending service must exit: `holdMs` without a timeout.
 */
export function longHoldMs({ endpoint, upstream }: Path): number {
  const timeout = context.timeouts.find((each) => each.endpoint === endpoint && each.upstream === upstream);
  const { graceSeconds = Number.POSITIVE_INFINITY, drainSeconds = 0 } = context.termination ?? {};
  const seconds = timeout ? Math.min(timeout.seconds, graceSeconds - drainSeconds) : 0;
  return Math.max(holdMs(upstream), seconds * 1_000 * NEARLY);
}

/** Returns a delay in milliseconds after which a call is still served: at most half of the upstream's call timeouts. */
export function servedDelayMs(upstream: string, longestMs: number): number {
  const timeouts = [
    ...describedBreakers().map((breaker) => ({ ...breaker, seconds: breaker.callTimeoutSeconds })),
    ...context.timeouts,
  ];
  const ofIt = timeouts.filter((timeout) => timeout.upstream === upstream).flatMap(({ seconds }) => seconds ?? []);
  return Math.min(longestMs, ...ofIt.map((seconds) => seconds * 1_000 * SHARE));
}

/** How many calls the service works on at once, in a scenario that holds calls. Infinity if no bound is known. */
export const CALLS_AT_ONCE = context.callsAtOnce ?? Number.POSITIVE_INFINITY;

/**
 * Returns how many of n calls to make at once, so that all of them reach the upstream: at most half of the calls that
 * may be in progress, but at least one.
 */
export const atOnce = (n: number, { endpoint, upstream }: Path): number =>
  Math.min(CALLS_AT_ONCE, halfOf(context.upstreams[upstream]?.concurrency, widthOf(endpoint, n)));

/**
 * Like `atOnce`, for calls of n callers. If each of them is another client, a limit of each client's requests in
 * progress does not bound them together. Otherwise, there are at least two, if the limit allows as many.
 */
export const callersAtOnce = (n: number, path: Path): number =>
  context.client === 'socket'
    ? Math.max(atOnce(n, path), Math.min(n, 2, CALLS_AT_ONCE, crowdOf(path.endpoint, n)))
    : Math.min(CALLS_AT_ONCE, halfOf(context.upstreams[path.upstream]?.concurrency, n));

/**
 * Returns how many of n calls of a client to make at once, so that a limit of requests in progress refuses none: a
 * service may still count a request whose answer has arrived.
 */
export const widthOf = (endpoint: string, n: number): number => halfOf(context.requestsInProgress[endpoint]?.max, n);

/** Returns how many of n calls a client may have in progress at once. Use it if none of them was before. */
export const crowdOf = (endpoint: string, n: number): number =>
  Math.min(n, context.requestsInProgress[endpoint]?.max ?? n);

/** Makes up to n calls of a client at once. */
export const callInCrowd = (endpoint: string, n: number, phase: Begun) =>
  together(crowdOf(endpoint, n), () => call(endpoint, { phase }));

const halfOf = (max = Number.POSITIVE_INFINITY, n: number): number => Math.min(n, Math.max(1, Math.floor(max / 2)));

/** Delays all calls to an upstream, or all queries, until it is healed. */
export const delayCalls = (upstream: string): Promise<unknown> =>
  upstream === 'database'
    ? lab.fault(upstream, { kind: 'latency', milliseconds: holdMs(upstream), direction: 'to-server' })
    : slowDown(upstream, holdMs(upstream));

/** Lets the next n calls to an upstream, or the queries on all open connections, wait until it is healed. */
export const hangCalls = (upstream: string, n: number): Promise<unknown> =>
  upstream === 'database'
    ? lab.fault(upstream, { kind: 'blackhole', connections: 'open' })
    : breakCalls(upstream, { kind: 'hang' }, n);
