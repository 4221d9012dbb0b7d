import { faultAt, promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { Tags } from '../../contract/tags.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { breakerOf, type Facts, isServedWithout, otherBreakers } from '../lib/checker.ts';
import { trialFrom } from '../lib/opened-at.ts';

/**
 * Returns the endpoints that reach the upstream of the breaker under test, other than the breaker's own. Returns none
 * if another breaker has the same upstream, because it is unknown which of the two protects an endpoint.
 */
export function otherEndpoints(facts: Facts): string[] {
  const { upstream, endpoint } = breakerOf(facts);
  if (otherBreakers(facts).some(([, other]) => other.upstream === upstream)) return [];
  return Object.entries(facts.contract.endpoints)
    .filter(([name, { reaches }]) => name !== endpoint && reaches.includes(upstream))
    .map(([name]) => name);
}

/** Returns the other endpoints that an open breaker rejects, because they can't be served without its upstream. */
export const rejectedEndpoints = (facts: Facts): string[] =>
  otherEndpoints(facts).filter((name) => !isServedWithout(facts, name, breakerOf(facts).upstream));

/** Returns the phases in which the script calls other endpoints while the breaker is open. */
export const whileOpen = (history: History): PhaseEntry[] => [
  ...history.phases('open, elsewhere'),
  ...history.phases('open'),
];

/** Returns the tags of the calls to an endpoint while the breaker is open. */
export const tagsWhileOpen = (history: History, endpoint: string): Tags[] => tagsIn(whileOpen(history), { endpoint });

/** Returns the calls to an endpoint while the breaker is open that were answered before a trial was possible. */
export function callsWhileOpen(history: History, facts: Facts, endpoint: string): RequestSample[] {
  const until = trialFrom(history, facts);
  return history.requestsIn(whileOpen(history), { endpoint }).filter(({ at, ms }) => at + ms < until);
}

/**
 * Returns the statuses that an endpoint's callers may get while the breaker is open: its refusal, those with which the
 * endpoint accepts work for later, and those that it promises while the upstream fails.
 */
export function statusesWhileOpen(facts: Facts, endpoint: string): number[] {
  const { finishesLater, onFault = {} } = facts.contract.endpoints[endpoint] ?? {};
  const { refusal, upstream } = breakerOf(facts);
  const promised = Object.keys(onFault)
    .map(faultAt)
    .filter((named) => named.upstream === undefined || named.upstream === upstream)
    .map(({ fault }) => promisedAnswer(onFault, fault, upstream)?.answer);
  return [refusal, ...(finishesLater?.accepted ?? []), ...promised.filter((answer) => typeof answer === 'number')];
}
