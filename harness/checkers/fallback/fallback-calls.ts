import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { fallbackOf, type PromisedFallback } from '../../contract/schema/fallback.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History, PhaseEntry, Phases } from '../../history/history.ts';
import { type Breaker, countedBreakers, type Facts, planned } from '../lib/checker.ts';

/** A phase of `chaos/fallback` in which one call is made while some upstreams fail. */
export interface FallbackCall {
  readonly phase: PhaseEntry<ActionPhase<'fallback' | 'no fallback'>>;
  readonly fault: string;
  readonly endpoint: string;
  /** All upstreams of the fallback in the promised order. The first ones fail. */
  readonly order: readonly string[];
  readonly failing: readonly string[];
  /** The upstream that must serve the call, if any. */
  readonly server: string | undefined;
}

/** Returns the upstreams that an endpoint calls one after another, in order, or none if it has no fallback. */
export const orderOf = ({ contract }: Facts, endpoint: string): readonly string[] =>
  fallbackOf(contract.endpoints[endpoint]?.fallback)?.order ?? [];

/** Returns the place of a field of an endpoint's fallback in the contract, or of its only list, if it has no fields. */
export function placeOf({ contract }: Facts, endpoint: string, field: keyof PromisedFallback): PromisePath {
  const isList = Array.isArray(contract.endpoints[endpoint]?.fallback);
  return ['endpoints', endpoint, 'fallback', ...(isList ? [] : [field])];
}

/** A phase in which one call is made, planned or begun. */
export type PlannedCall = PlannedAction<'fallback' | 'no fallback'>;

/** Returns the upstream that must serve the call, if any. */
export const serverOf = (facts: Facts, { action, endpoint, failing }: PlannedCall): string | undefined =>
  action === 'fallback' ? orderOf(facts, endpoint)[failing.length] : undefined;

/** Returns the phases with one call, in order. */
export function fallbackCalls(history: History, facts: Facts): FallbackCall[] {
  const phases = [...history.phases('fallback'), ...history.phases('no fallback')].sort((a, b) => a.at - b.at);
  return phases.map((phase) => {
    const { fault, endpoint, failing } = phase;
    return { phase, fault, endpoint, order: orderOf(facts, endpoint), failing, server: serverOf(facts, phase) };
  });
}

/** A long outage of an endpoint's first upstream, and the phases in which its breaker is open and half-open. */
export interface FallbackOutage {
  readonly phase: PhaseEntry<ActionPhase<'fallback outage'>>;
  readonly open: readonly PhaseEntry[];
  readonly halfOpen: readonly PhaseEntry[];
}

/** Returns the long outages, in order. */
export function fallbackOutages(history: History): FallbackOutage[] {
  return history.phases('fallback outage').map((phase) => {
    const { endpoint, at } = phase;
    const later = history.phases('fallback outage', { endpoint }).find((candidate) => candidate.at > at);
    const until = later?.at ?? Number.POSITIVE_INFINITY;
    const within = (action: 'fallback open' | 'fallback half-open') =>
      history.phases(action, { endpoint }).filter((entry) => entry.at > at && entry.at < until);
    return { phase, open: within('fallback open'), halfOpen: within('fallback half-open') };
  });
}

/**
 * Returns the endpoints whose plan has one of these phases in a long outage, with the breaker of the first upstream, or
 * undefined if there is no plan.
 */
export const plannedWithBreaker = (
  facts: Facts,
  action: 'fallback open' | 'fallback half-open',
): { endpoint: string; breaker: Breaker }[] | undefined =>
  planned(facts, action)?.flatMap(({ endpoint }) => {
    const breaker = firstBreaker(facts, endpoint);
    return breaker ? [{ endpoint, breaker }] : [];
  });

/** Returns the requests that arrived at these upstreams in some phases, in order. */
export const arrivalsIn = (history: History, phases: Phases, upstreams: readonly string[]) =>
  upstreams.flatMap((upstream): RequestReceipt[] => history.receiptsIn(phases, upstream)).sort((a, b) => a.at - b.at);

/** Returns the breaker of an endpoint's first upstream, if the contract describes one. */
export function firstBreaker(facts: Facts, endpoint: string): Breaker | undefined {
  const [first] = orderOf(facts, endpoint);
  return countedBreakers(facts).find(({ upstream }) => upstream === first);
}
