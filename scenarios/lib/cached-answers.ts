import { Trend } from 'k6/metrics';
import type { Begun } from '../../harness/contract/phases.ts';
import { type Answering, answering, callersOf } from './answering.ts';
import { breakCalls } from './break-calls.ts';
import { context, type Fault, find } from './context.ts';
import { untilClosed } from './failing-call.ts';
import { lab } from './lab.ts';
import { noteComplete, noteError } from './note-streams.ts';
import { call, composed, isServed, tagsOf, unique } from './service.ts';
import { BEGUN_EVENTS } from './stream-failures.ts';
import { pause, pauseUntil } from './wait.ts';

/** An endpoint that may answer from a cache, and how long it may keep an answer. */
export interface Cached extends Answering {
  readonly seconds: number;
}

/** The endpoints that may answer from a cache. */
export const CACHED = answering().flatMap((path): Cached[] => {
  const { seconds } = find(context.endpoints, path.endpoint).answers?.cache ?? {};
  return seconds === undefined ? [] : [{ ...path, seconds }];
});

/** The longest time, in seconds, that the script waits for the end of an entry. */
const LONGEST = 3;
/** The time between two calls, so that it is certain which of them called an upstream, in milliseconds. */
const APART_MS = 30;
/** How much later than promised it looks, in milliseconds. */
const LATER_MS = 300;
/** When an entry is used again, as a share of its time. An entry that each use prolongs is still there at the end. */
const USED = 0.6;

/** The endpoints with caches whose callers can be told apart although they send the same question. */
export const CACHED_APART = CACHED.filter(({ endpoint }) => callersOf(find(context.endpoints, endpoint)) > 1);

/** Sends the same question for two callers. */
export async function askForAnother(phase: Begun, { endpoint }: Cached): Promise<void> {
  const same = unique();
  // The calls of the phase before must be apart as well.
  await pause(APART_MS);
  await call(endpoint, { phase, about: 'first', caller: '1' }, { unique: same, client: 1 });
  await pause(APART_MS);
  await call(endpoint, { phase, about: 'of another caller', caller: '2' }, { unique: same, client: 2 });
}

/** The status of a call from the address of the lab, or 0. */
const fromLab = new Trend('calls_from_the_lab');

/**
 * Whether the callers of an endpoint differ only in their addresses, and each of them must get its own answer. Those who
 * all send the same GET may get the same one.
 */
export function differByAddress({ endpoint }: Answering): boolean {
  const { method, user, file, answers } = find(context.endpoints, endpoint);
  const { as, cache } = answers ?? {};
  const isOwn = as !== undefined && as !== 'none' && as !== 'digest' && cache?.perCaller !== false;
  const hasOther =
    context.client === 'socket' && !context.isElsewhere && callersOf(find(context.endpoints, endpoint)) === 1;
  return isOwn && hasOther && method !== 'GET' && user === undefined && file === undefined;
}

/** Sends the same question from the address of this VU, and then from that of the lab. */
export async function askFromTheLab(phase: Begun, { endpoint }: Answering): Promise<void> {
  const same = unique();
  await call(endpoint, { phase, about: 'first', caller: '1' }, { unique: same });
  await pause(APART_MS);
  const { status } = await lab.read(await composed(endpoint, same));
  fromLab.add(status ?? 0, tagsOf({ phase, endpoint }));
}

/** Sends the same questions again: within the promised time, after failures, and after that time. */
export async function tryCache(phase: Begun, cached: Cached): Promise<void> {
  const { endpoint, seconds } = cached;
  const ask = async (about: string, same: string) => {
    await pause(APART_MS);
    const tags = { phase, about };
    const response = await call(endpoint, tags, { unique: same });
    noteError(endpoint, response, tags);
    noteComplete(endpoint, response, tags);
    return isServed(endpoint, response.status);
  };
  const first = unique();
  await ask('first', first);
  const kept = Date.now();
  if (seconds <= LONGEST) await pauseUntil(kept + seconds * 1_000 * USED);
  await ask('again', first);
  for (const { about, fault, upstreams } of failuresOf(cached)) {
    const same = unique();
    for (const upstream of upstreams) await breakCalls(upstream, fault);
    await ask(about, same);
    for (const upstream of upstreams) await lab.heal(upstream);
    if (await ask(`after ${about}`, same)) continue;
    // It may be refused by a breaker.
    for (const upstream of upstreams) await untilClosed({ upstream });
    await ask(`after ${about}`, same);
  }
  if (seconds > LONGEST) return;
  await pauseUntil(kept + seconds * 1_000 + LATER_MS);
  await ask('expired', first);
}

/** Returns failures, and the upstreams that must have them so that a call fails. */
function failuresOf({ endpoint, upstreams, others }: Cached): Failing[] {
  const { fallback, stream } = find(context.endpoints, endpoint);
  const fault = fallback?.on?.find((named) => named.fault.kind === 'status')?.fault ?? UNAVAILABLE;
  const failing = { about: 'failure', fault, upstreams: [...upstreams.slice(0, 1), ...others] };
  if (stream === undefined) return [failing];
  return [failing, { about: 'cut', fault: CUT, upstreams: upstreams.slice(0, 1) }];
}

interface Failing {
  readonly about: string;
  readonly fault: Fault;
  readonly upstreams: readonly string[];
}

const UNAVAILABLE = { kind: 'status', status: 503 };
const CUT = { kind: 'cut-stream', events: BEGUN_EVENTS };
