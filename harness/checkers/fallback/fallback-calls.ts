import type { Action, Phase } from '../../contract/phase.ts';
import { fallbackOf } from '../../contract/schema/fallback.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type Breaker, breakerOf, type Facts } from '../lib/checker.ts';

/** A phase of `chaos/fallback` in which one call is made while some upstreams fail. */
export interface FallbackCall {
  readonly phase: Action;
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

/** Returns the phases with one call, in order. */
export function fallbackCalls(history: History, facts: Facts): FallbackCall[] {
  const calls = (form: Action, isServed: boolean) =>
    history.phasesLike(form).map(({ at, name: phase, parts: [fault = '', failed = '', endpoint = ''] }) => {
      const [order, failing] = [orderOf(facts, endpoint), failed.split(/, ?/)];
      return { at, phase, fault, endpoint, order, failing, server: isServed ? order[failing.length] : undefined };
    });
  return [...calls('fallback * at ** in **', true), ...calls('no fallback * at ** in **', false)].sort(
    (one, other) => one.at - other.at,
  );
}

/** Returns the requests that arrived at these upstreams in a phase, in order. */
export const arrivalsIn = (history: History, phase: Phase, upstreams: readonly string[]) =>
  upstreams
    .flatMap((upstream): RequestReceipt[] => history.receiptsIn(phase, upstream))
    .sort((one, other) => one.at - other.at);

/** Returns the breaker of an endpoint's first upstream, if the contract describes one. */
export function firstBreaker(facts: Facts, endpoint: string): Breaker | undefined {
  const [first] = orderOf(facts, endpoint);
  const names = Object.keys(facts.numbers.breakers);
  return names.map((breaker) => breakerOf({ ...facts, breaker })).find(({ upstream }) => upstream === first);
}
