import type { Dispatcher } from 'undici';
import type { Means } from '../../callers/authorize.ts';
import { type Calling, composeCall } from '../../callers/compose-call.ts';
import { send } from '../../client/send.ts';
import type { Both } from '../build-round.ts';

/** A running build, and how to call it. */
export interface Callee {
  readonly url: string;
  readonly calling: Calling;
  readonly means: Means;
  readonly dispatcher: Dispatcher;
  /** The statuses that count as served, by endpoint. */
  readonly served: Readonly<Record<string, readonly number[]>>;
}

/** The durations of two calls that were sent one after the other, in milliseconds. */
export interface Pair extends Both<number> {
  readonly endpoint: string;
}

/** Pairs of calls, and the number of calls that were not served. A pair counts only if both were. */
export interface Pairs {
  readonly pairs: Pair[];
  /** The endpoints of which a call was served. */
  readonly served: Both<Set<string>>;
  readonly unserved: { own: number; other: number };
  calls: number;
}

/** How long to call, and which calls. */
export interface CallOptions {
  readonly endpoints: readonly string[];
  /** The most pairs for each endpoint. Defaults to as many as there is time for. */
  readonly most?: number;
  /** No pairs begin after this many milliseconds. */
  readonly limitMs: number;
  /** Returns a number from 0 to 1, without 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * Sends the same calls to two builds, one call at a time: both calls of a pair directly one after the other, in random
 * order. A change of the machine's speed that lasts longer than a pair affects both.
 */
export async function callPairs(builds: Both<Callee>, options: CallOptions): Promise<Pairs> {
  const { endpoints, most = Number.POSITIVE_INFINITY, limitMs, random, signal } = options;
  const served = { own: new Set<string>(), other: new Set<string>() };
  const done: Pairs = { pairs: [], served, unserved: { own: 0, other: 0 }, calls: 0 };
  const until = performance.now() + limitMs;
  for (let nth = 1; nth <= most && performance.now() < until && !signal.aborted; nth += 1) {
    for (const endpoint of endpoints) {
      const order = random() < 0.5 ? (['own', 'other'] as const) : (['other', 'own'] as const);
      const took = { own: 0, other: 0 };
      const isServed = { own: false, other: false };
      for (const side of order) {
        ({ ms: took[side], isServed: isServed[side] } = await callOne(builds[side], endpoint));
        if (isServed[side]) served[side].add(endpoint);
        else done.unserved[side] += 1;
      }
      done.calls += 1;
      if (isServed.own && isServed.other) done.pairs.push({ endpoint, ...took });
    }
  }
  return done;
}

const started = Date.now().toString(36);
let made = 0;

/**
 * Returns a name that no other request has, also in other rounds and gates. Both builds may use the same database, and a
 * running service keeps what it has stored.
 */
function unique(): string {
  made += 1;
  return `gate-${started}-${made}`;
}

/**
 * Makes a call. Returns its duration in milliseconds, and whether it was served.
 *
 * @throws RangeError if the build has no such endpoint
 */
export async function callOne(build: Callee, name: string): Promise<{ ms: number; isServed: boolean }> {
  const { url, calling, means, dispatcher, served } = build;
  const endpoint = calling.endpoints[name];
  if (!endpoint) throw new RangeError(`there is no endpoint ${name}`);
  const composed = await composeCall(calling, endpoint, { unique: unique(), client: 1 }, means);
  const began = performance.now();
  const status = await send(url, composed, dispatcher, endpoint.meanings);
  return { ms: performance.now() - began, isServed: served[name]?.includes(status) === true };
}
