import type { Dispatcher } from 'undici';
import type { Means } from '../../callers/authorize.ts';
import { type Calling, composeCall } from '../../callers/compose-call.ts';
import { send } from '../../client/send.ts';
import type { Builds, Side } from '../build-round.ts';
import { shuffled } from './shuffled.ts';

/** A running build, and how to call it. */
export interface Callee {
  readonly url: string;
  readonly calling: Calling;
  readonly means: Means;
  readonly dispatcher: Dispatcher;
  /** The statuses that count as served, by endpoint. */
  readonly served: Readonly<Record<string, readonly number[]>>;
}

/** The durations of the same call to all builds that served it, in milliseconds. */
interface Pair {
  readonly endpoint: string;
  readonly ms: Builds<number>;
}

/** Pairs of calls, and what was served. */
export interface Pairs {
  readonly pairs: Pair[];
  /** The endpoints of which a call was served. */
  readonly served: Builds<Set<string>>;
  /** The number of calls that were not served. */
  readonly unserved: Partial<Record<Side, number>>;
  /** The number of calls to each build. */
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
 * Sends the same calls to all builds, one call at a time: the calls of a pair directly one after the other, in random
 * order. A change of the machine's speed that lasts longer than a pair affects all of them.
 */
export async function callPairs(builds: Builds<Callee>, options: CallOptions): Promise<Pairs> {
  const { endpoints, most = Number.POSITIVE_INFINITY, limitMs, random, signal } = options;
  const sides = [...builds.keys()];
  const done = {
    pairs: [] as Pair[],
    served: new Map(sides.map((side) => [side, new Set<string>()])),
    unserved: Object.fromEntries(sides.map((side) => [side, 0])) as Record<Side, number>,
    calls: 0,
  };
  const until = performance.now() + limitMs;
  for (let nth = 1; nth <= most && performance.now() < until && !signal.aborted; nth += 1) {
    for (const endpoint of endpoints) {
      const ms = new Map<Side, number>();
      for (const [side, build] of shuffled(builds, random)) {
        // The release may not have an endpoint that the others have.
        if (!build.calling.endpoints[endpoint]) continue;
        const call = await callOne(build, endpoint);
        if (call.isServed) ms.set(side, call.ms);
        else done.unserved[side] += 1;
      }
      for (const side of ms.keys()) done.served.get(side)?.add(endpoint);
      done.calls += 1;
      done.pairs.push({ endpoint, ms });
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
