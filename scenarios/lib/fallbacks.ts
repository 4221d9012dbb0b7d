import { type Breaker, context, describedBreakers, type Fault, promised } from './context.ts';
import { isOnPort, isQuick, isWaiting, labelOf, quickOf } from './failures.ts';
import type { NamePlace } from './named-upstream.ts';

/** A fault with the name that phases have for it. */
export interface NamedFault {
  readonly name: string;
  readonly fault: Fault;
}

/** An endpoint that calls another upstream if the first one fails. */
export interface Fallback {
  readonly endpoint: string;
  /** The upstreams in the order in which they are called. */
  readonly order: readonly string[];
  readonly first: string;
  /**
   * The failures of the first upstream after which the next one is called, and those after which no other is called.
   */
  readonly on: readonly NamedFault[];
  readonly never: readonly NamedFault[];
  readonly namedBy: NamePlace | undefined;
  /** Seconds after which the first one is called again once it works. */
  readonly returnsWithinSeconds: number;
  /** The breaker of the first one. */
  readonly breaker: Breaker | undefined;
}

/** Failures that every upstream can have, if the contract names none and describes no breaker. */
const USUAL: readonly NamedFault[] = [
  { name: '429', fault: { kind: 'status', status: 429 } },
  { name: '503', fault: { kind: 'status', status: 503 } },
  { name: 'hang', fault: { kind: 'hang' } },
  { name: 'reset', fault: { kind: 'reset' } },
];

/** Returns all promised fallbacks, or skips the scenario if there are none. */
export function allFallbacks(): Fallback[] {
  const found = Object.entries(context.endpoints).flatMap(([endpoint, { fallback }]): Fallback[] => {
    if (!fallback) return [];
    const { order, on, never, told: namedBy, returnsWithinSeconds } = fallback;
    const [first = ''] = order;
    const breaker = describedBreakers().find(({ upstream }) => upstream === first);
    return [
      {
        endpoint,
        order,
        first,
        on: on ?? (breaker ? countedBy(breaker) : USUAL),
        never,
        namedBy,
        returnsWithinSeconds: returnsWithinSeconds ?? breaker?.recoverySeconds ?? 0,
        breaker,
      },
    ];
  });
  promised(found[0], 'fallback of an endpoint (endpoints.NAME.fallback)');
  return found;
}

/** Returns the failures that a breaker counts, except for those that only streams have. */
const countedBy = ({ failures }: Breaker): NamedFault[] =>
  failures
    .filter((fault) => isQuick(fault) || isWaiting(fault) || isOnPort(fault))
    .filter(({ kind }) => context.faultEffects[kind] !== 'stream')
    .map((fault) => ({ name: nameOf(fault), fault }));

/** Returns a fault's label without blanks. */
const nameOf = (fault: Fault): string => labelOf(fault, '-');

/** A failure that a caller notices at once, and whether the breaker counts it. */
export interface QuickFailure extends NamedFault {
  readonly isCounted: boolean;
}

/** Returns a quick failure after which the next upstream is called, if there is one. */
export function quickFailureOf({ on, breaker }: Fallback): QuickFailure | undefined {
  const quick = on.map(({ fault }) => fault).filter(isQuick);
  if (quick.length === 0) return undefined;
  const counted = quick.filter((fault) => breaker?.failures.some((failure) => nameOf(failure) === nameOf(fault)));
  const isCounted = counted.length > 0;
  const fault = quickOf(isCounted ? counted : quick);
  return { name: nameOf(fault), fault, isCounted };
}

/**
 * Errors that are not failures of an upstream: those of a caller, and the two that providers return for a retired
 * model.
 */
const SPARED: readonly NamedFault[] = [
  { name: '400', fault: { kind: 'status', status: 400 } },
  { name: '404-model_not_found', fault: { kind: 'status', status: 404, code: 'model_not_found' } },
  { name: '400-model_decommissioned', fault: { kind: 'status', status: 400, code: 'model_decommissioned' } },
];

/** Returns the errors that the breaker must not count, unless the contract lists their status among its failures. */
export const sparedBy = ({ failures }: Breaker): readonly NamedFault[] =>
  SPARED.filter(({ fault }) => !failures.some(({ kind, status }) => kind === 'status' && status === fault.status));
