import { pause } from '../base/clock.ts';
import { entryOf } from '../base/entry-of.ts';
import { isHttp } from '../contract/is-http.ts';
import type { ActionName } from '../contract/phases.ts';
import { type Exchange, madeUp, type WireAnswer, withBody } from './exchange.ts';
import type { Wire, WireHooks, WireMutant } from './wire-mutant.ts';
import { isDoing } from './wire-phase.ts';

interface AnswerMutant extends Omit<WireMutant, 'create'> {
  /** Whether it acts on an answer. */
  when(exchange: Exchange, wire: Wire): boolean;
  /** Returns the response to send instead, or undefined if it can't act. */
  change(exchange: Exchange, wire: Wire): WireAnswer | undefined | Promise<WireAnswer | undefined>;
  /**
   * The scope in which it acts at most once. Defaults to the whole scenario. `each` acts on every response, `phase`
   * once in each phase. A function returns the scope of a response, or undefined if it acts on each of them.
   */
  once?: 'each' | 'phase' | ((exchange: Exchange) => string | undefined);
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
export function once<Input, Result>(act: (input: Input) => Result | undefined) {
  let isDone = false;
  return (input: Input): Result | undefined => {
    const result = isDone ? undefined : act(input);
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

/** Returns hooks that answer all requests of a phase but the first, in place of the service. */
export function answersOthers(isIn: (request: Arriving) => boolean, answer: () => WireAnswer): WireHooks {
  const begun = new Set<number | undefined>();
  return {
    instead(request) {
      if (!isIn(request)) return undefined;
      const isFirst = !begun.has(request.phase?.id);
      begun.add(request.phase?.id);
      return isFirst ? undefined : answer();
    },
  };
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

/** Returns the upstreams that an endpoint reaches. */
export const reachedBy = ({ endpoint = '' }: Exchange, { contract }: Wire): readonly string[] =>
  contract.endpoints[endpoint]?.reaches ?? [];

/** Calls the first of these upstreams that has TLS in plain text. Returns the answer unchanged, or undefined. */
export async function inPlainText(exchange: Exchange, wire: Wire, upstreams: readonly string[]) {
  for (const name of upstreams) if (await wire.callInPlainText(name)) return exchange.whole();
  return undefined;
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

/** Defines a mutant that refuses a call that was served in a phase. */
export const refusedIn = (action: ActionName, checker: string, when: string): WireMutant =>
  onAnswers({
    name: `refusal-${when.replaceAll(' ', '-')}`,
    does: `a call that was served ${when} gets a refusal`,
    turnsRed: [checker],
    when: (exchange, wire) => isDoing(exchange.phase, action) && isServed(exchange, wire),
    change: (_, wire) => refusalOf(wire),
  });

/** The share of the timeout after which a call with the status of a refusal counts as timed out. */
const WAITED = 0.8;

/** Whether an answer is from a call that timed out. Some services use the status of a refusal for it. */
export const isGivenUp = ({ tookMs }: Exchange, timeoutSeconds: number | undefined, isRefused: boolean): boolean =>
  timeoutSeconds !== undefined && (!isRefused || tookMs >= timeoutSeconds * 1_000 * WAITED);

/** Returns the format of an endpoint's streams, or undefined if it has none. */
export const formatOf = ({ endpoint = '' }: Exchange, { contract }: Wire): 'sse' | 'ndjson' | undefined =>
  contract.endpoints[endpoint]?.stream?.format;

/** Returns a stream without its last event. */
export function withoutEnd(answer: WireAnswer, format: ReturnType<typeof formatOf>): WireAnswer {
  const separator = format === 'ndjson' ? /(\r?\n)/ : /(\r?\n\r?\n)/;
  const parts = String(answer.body).split(separator);
  const last = parts.findLastIndex((part, index) => index % 2 === 0 && part.trim() !== '');
  return withBody(answer, parts.slice(0, Math.max(0, last)).join(''));
}
