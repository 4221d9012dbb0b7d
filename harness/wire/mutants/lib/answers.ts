import { pause } from '../../../base/clock.ts';
import { entryOf } from '../../../base/entry-of.ts';
import { isHttp } from '../../../contract/is-http.ts';
import { type Exchange, madeUp, type WireAnswer } from '../../exchange.ts';
import type { Wire, WireHooks, WireMutant } from '../../wire-mutant.ts';

interface AnswerMutant extends Omit<WireMutant, 'create'> {
  /** Whether it acts on an answer. */
  when(exchange: Exchange, wire: Wire): boolean;
  /** Returns the response to send instead, or undefined if it can't act. */
  change(exchange: Exchange, wire: Wire): WireAnswer | undefined | Promise<WireAnswer | undefined>;
  /**
   * The scope in which it acts at most once. Defaults to the whole scenario. `each` acts on every response, `phase`
   * once in each phase.
   */
  once?: 'each' | 'phase' | ((exchange: Exchange) => string);
}

/** Defines a mutant that acts on answers of the service that meet a condition. */
export function onAnswers({ when, change, once = () => '', ...mutant }: AnswerMutant): WireMutant {
  return {
    ...mutant,
    create(wire) {
      const seen = new Set<string | number>();
      return {
        async answer(exchange) {
          if (!when(exchange, wire)) return undefined;
          const key = keyOf(exchange, once);
          if (key !== undefined && seen.has(key)) return undefined;
          // Other responses arrive while one is being changed.
          if (key !== undefined) seen.add(key);
          const changed = await change(exchange, wire);
          if (changed === undefined && key !== undefined) seen.delete(key);
          return changed;
        },
      };
    },
  };
}

function keyOf(exchange: Exchange, once: NonNullable<AnswerMutant['once']>): string | number | undefined {
  if (once === 'each') return undefined;
  return once === 'phase' ? (exchange.phase?.id ?? '') : once(exchange);
}

/** Returns a function that does the same until it has returned something, and then always returns undefined. */
export function once<Asked, Result>(act: (asked: Asked) => Result | undefined) {
  let isDone = false;
  return (asked: Asked): Result | undefined => {
    const result = isDone ? undefined : act(asked);
    isDone ||= result !== undefined;
    return result;
  };
}

/**
 * Returns a hook that acts on a single request.
 *
 * @param act Acts on a matching request, and returns whether it did.
 */
export function onOneRequest(act: (request: Arriving) => boolean | Promise<boolean>): WireHooks {
  const acted = once((request: Arriving) => act(request) || undefined);
  return { arrive: (request) => acted(request) ?? false };
}

type Arriving = Pick<Exchange, 'endpoint' | 'phase'>;

/** Whether an answer counts as served according to the contract. */
export const isServed = ({ endpoint = '', status }: Exchange, { contract }: Wire): boolean =>
  contract.endpoints[endpoint]?.served.includes(status) === true;

/** Whether an answer is neither served nor a redirect. */
export const isError = (exchange: Exchange, wire: Wire): boolean =>
  exchange.endpoint !== undefined && exchange.status >= 400 && !isServed(exchange, wire);

/** Returns the last answer of the endpoint that was served. */
export const replay = ({ endpoint }: Exchange, wire: Wire): WireAnswer | undefined => wire.served(endpoint);

/** Returns the answer unchanged, a moment later. */
export async function late(exchange: Exchange, ms: number): Promise<WireAnswer> {
  await pause(ms);
  return exchange.whole();
}

/** Returns the first upstream of the endpoint that can be called past the service, or its first one. */
export function firstReached({ endpoint = '' }: Exchange, wire: Wire): readonly string[] {
  const { reaches = [] } = wire.contract.endpoints[endpoint] ?? {};
  const first = reaches.find((name) => isHttp(wire.contract, name)) ?? reaches[0];
  return first === undefined ? [] : [first];
}

/** Calls upstreams once more, past the service. Returns the answer unchanged, or undefined if none could be called. */
export async function calling(exchange: Exchange, wire: Wire, upstreams: readonly string[]) {
  const arrived = await Promise.all(upstreams.map((name) => wire.callUpstream(name)));
  return arrived.includes(true) ? exchange.whole() : undefined;
}

/** The breaker under test, with its numbers. */
export function breakerOf({ contract, numbers, breaker = '' }: Wire) {
  const [described, counted] = [entryOf(contract.breakers, breaker), entryOf(numbers.breakers, breaker)];
  return described && counted && { ...described, ...counted };
}

/** Returns the refusal of the breaker under test, or a 503. */
export function refusalOf(wire: Wire): WireAnswer {
  const { refusal = 503, retryAfter = false } = breakerOf(wire) ?? {};
  return madeUp(refusal, retryAfter ? [['Retry-After', '1']] : []);
}
