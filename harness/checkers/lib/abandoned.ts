import { isHttp } from '../../contract/is-http.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { fallbackOf } from '../../contract/schema/fallback.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, Phases } from '../../history/history.ts';
import { type Breaker, type Case, countedBreakers, type Facts } from './checker.ts';
import { isGivenUp } from './given-up.ts';
import { firstAnswered, lastAnswered } from './request-times.ts';

/** An endpoint whose calls to an upstream end if the caller leaves. */
export interface Cancelled {
  endpoint: string;
  upstream: string;
  withinSeconds: number;
}

/** Returns the endpoints that promise to end their upstream calls, with each HTTP upstream that they reach. */
export const cancelledCalls = (facts: Facts): Cancelled[] =>
  Object.entries(facts.contract.endpoints).flatMap(([endpoint, { cancels, reaches }]) => {
    if (!cancels) return [];
    const upstreams = [...new Set(reaches)].filter((upstream) => isHttp(facts.contract, upstream));
    return upstreams.map((upstream) => ({ endpoint, upstream, ...cancels }));
  });

/** Returns a case for each of these calls. */
export const casesOfCancelled = (facts: Facts, checkOf: (path: Cancelled) => string): Case[] =>
  cancelledCalls(facts).map((path) => ({ check: checkOf(path), promises: [promiseOf(path.endpoint)] }));

/** The place of the promise to end calls. */
export const promiseOf = (endpoint: string): PromisePath => ['endpoints', endpoint, 'cancels', 'withinSeconds'];

/** Why a contract has no such case. */
export const NO_CANCELS = 'no endpoint ends its calls to HTTP upstreams if the caller leaves (endpoints.NAME.cancels)';

/** Returns the upstreams that the endpoint's fallback calls after this one, in order. */
export function nextUpstreamsOf({ contract }: Facts, { endpoint, upstream }: Cancelled): readonly string[] {
  const { order = [] } = fallbackOf(contract.endpoints[endpoint]?.fallback) ?? {};
  return order.includes(upstream) ? order.slice(order.indexOf(upstream) + 1) : [];
}

/** Returns the requests in some phases whose callers left before they got a response. */
export const leaversIn = (history: History, phases: Phases): RequestSample[] =>
  history.sentIn(phases, { about: 'leaver' }).filter(isGivenUp);

/**
 * Returns the requests to an upstream in a phase that were in progress when one of its callers left. The slot of the
 * first to leave may be given to a caller who leaves a moment later.
 */
export const abandonedIn = (history: History, phase: Phases, upstream: string): RequestReceipt[] => {
  const leavers = leaversIn(history, phase);
  const [first, last] = [firstAnswered(leavers), lastAnswered(leavers)];
  return history.receiptsIn(phase, upstream).filter(({ at, endedAt }) => at < last && (endedAt ?? first) >= first);
};

/** How much longer a call must last if its caller stays. Otherwise, calls don't end because their callers leave. */
const LONGER = 1.1;

/**
 * Returns why calls of this duration may have been ended by the service's own timeout, or undefined if they have not:
 * the call of a caller who stayed lasted longer.
 */
export function whyEndedAnyway(history: History, { endpoint, upstream }: Cancelled, ms: number): string | undefined {
  const stays = history.phases('stays', { endpoint, upstream });
  const kept = stays.flatMap((phase) => history.receiptsIn(phase, upstream).slice(0, 1));
  if (kept.length === 0) return `the call of a caller who stayed did not reach ${upstream}`;
  const lasted = Math.min(...kept.map(({ at, endedAt }) => (endedAt ?? Number.POSITIVE_INFINITY) - at));
  if (lasted > ms * LONGER) return undefined;
  return `the call of a caller who stayed ended after ${(lasted / 1_000).toFixed(2)} s: the timeout of the service is too short to tell`;
}

/** Returns the breakers in front of these calls. */
export const breakersOfCancelled = (facts: Facts): Breaker[] =>
  countedBreakers(facts).filter(({ endpoint, upstream }) =>
    cancelledCalls(facts).some((cancelled) => cancelled.endpoint === endpoint && cancelled.upstream === upstream),
  );
