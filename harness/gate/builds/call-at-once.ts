import { setTimeout as sleep } from 'node:timers/promises';
import type { Builds, Side } from '../build-round.ts';
import { type Callee, callOne } from './call-pairs.ts';
import { shuffled } from './shuffled.ts';

/** Calls to one build in a slice of time. */
interface Slice {
  /** From the first call to the end of the last one, in milliseconds. */
  readonly ms: number;
  readonly served: { readonly endpoint: string; readonly ms: number }[];
  readonly unserved: number;
}

/** What to call, and in which order. */
export interface AtOnceOptions {
  readonly endpoints: readonly string[];
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * How long a build is saturated in each slice, and in all slices, in milliseconds. Many short slices are better than few
 * long ones: a pause of the machine spoils only one of them.
 */
const [SATURATED_MS, ALL_SATURATED_MS] = [120, 1_600];
/** The least and the most slices, if calls take very long or very short. */
const [FEWEST, MOST] = [3, 16];
/** In how many slices calls arrive, and for how long in each, in milliseconds. */
const [ARRIVALS, ARRIVING_MS] = [7, 200];
/** A build that is much slower than expected doesn't get all calls of its slice. In milliseconds. */
const LIMIT_MS = 2_000;

/**
 * Keeps each build busy with calls in `lanes`, and returns how long a served call took, in milliseconds for each slice.
 * In a slice, all builds get the same number of calls of each endpoint. They take turns, so a change of the machine's
 * speed affects all of them. If no build serves any call, there are no durations: those of refusals say nothing.
 */
export async function saturate(
  builds: Builds<Callee>,
  lanes: number,
  options: AtOnceOptions,
): Promise<{ perCall: Builds<number[]>; unserved: Builds<number>; calls: number }> {
  const { endpoints, random, signal } = options;
  // The first slice shows how many calls are enough. Fewer than one in each lane would not saturate a build.
  const least = Math.ceil(lanes / endpoints.length);
  const first = await inTurn(builds, random, (build) => callInLanes(build, endpoints, least, lanes, signal));
  const ms = [...first.values()].map((slice) => Math.max(1, slice.ms));
  const rows = Math.ceil(least * Math.max(1, SATURATED_MS / Math.min(...ms)));
  const room = Math.floor((ALL_SATURATED_MS * least) / (rows * Math.max(...ms)));
  const slices: Builds<Slice>[] = [];
  for (let left = Math.min(MOST, Math.max(FEWEST, room)); left > 0 && !signal.aborted; left -= 1)
    slices.push(await inTurn(builds, random, (build) => callInLanes(build, endpoints, rows, lanes, signal)));
  return {
    perCall: bySide(builds, (side) => (isAnyServed(slices) ? slices.map((slice) => timePerCall(slice.get(side))) : [])),
    unserved: bySide(builds, (side) => slices.reduce((sum, slice) => sum + (slice.get(side)?.unserved ?? 0), 0)),
    calls: slices.length * rows * endpoints.length,
  };
}

/**
 * Saturates all builds at the same time, once, and returns how long a served call took. This fits calls that mostly
 * wait, so that the builds hardly disturb each other. Empty if no build serves any call.
 */
export async function saturateTogether(
  builds: Builds<Callee>,
  lanes: number,
  { endpoints, signal }: Pick<AtOnceOptions, 'endpoints' | 'signal'>,
): Promise<Builds<number>> {
  const rows = Math.ceil((3 * lanes) / endpoints.length);
  const slices = new Map(
    await Promise.all(
      [...builds].map(
        async ([side, build]) => [side, await callInLanes(build, endpoints, rows, lanes, signal)] as const,
      ),
    ),
  );
  return isAnyServed([slices]) ? bySide(builds, (side) => timePerCall(slices.get(side))) : new Map();
}

/**
 * Sends calls at random times, `perSecond` on average, whether earlier ones have been answered or not. All builds get
 * the same calls at the same times of their slices. Returns the durations since the time at which each call was due.
 */
export async function arrive(
  builds: Builds<Callee>,
  perSecond: number,
  { endpoints, random, signal }: AtOnceOptions,
): Promise<{ served: Builds<Slice['served']>; unserved: Builds<number>; calls: number }> {
  const pauseMs = () => (-Math.log(1 - random()) * 1_000) / perSecond;
  const slices: Builds<Slice>[] = [];
  let calls = 0;
  for (let nth = 1; nth <= ARRIVALS && !signal.aborted; nth += 1) {
    const due: number[] = [];
    for (let at = 0; at < ARRIVING_MS; at += pauseMs()) due.push(at);
    slices.push(await inTurn(builds, random, (build) => callWhenDue(build, endpoints, due, calls, signal)));
    calls += due.length;
  }
  return {
    served: bySide(builds, (side) => slices.flatMap((slice) => slice.get(side)?.served ?? [])),
    unserved: bySide(builds, (side) => slices.reduce((sum, slice) => sum + (slice.get(side)?.unserved ?? 0), 0)),
    calls,
  };
}

const bySide = <Value>(builds: Builds<unknown>, figureOf: (side: Side) => Value): Builds<Value> =>
  new Map([...builds.keys()].map((side) => [side, figureOf(side)]));

async function inTurn(
  builds: Builds<Callee>,
  random: () => number,
  call: (build: Callee) => Promise<Slice>,
): Promise<Builds<Slice>> {
  const slices = new Map<Side, Slice>();
  for (const [side, build] of shuffled(builds, random)) slices.set(side, await call(build));
  return slices;
}

const isAnyServed = (slices: readonly Builds<Slice>[]): boolean =>
  slices.some((slice) => [...slice.values()].some(({ served }) => served.length > 0));

/** Without any served call of this build, all of the time is that of one. */
const timePerCall = (slice: Slice | undefined): number =>
  slice ? slice.ms / Math.max(1, slice.served.length) : Number.NaN;

async function callInLanes(
  build: Callee,
  endpoints: readonly string[],
  rows: number,
  lanes: number,
  signal: AbortSignal,
): Promise<Slice> {
  const slice = { served: [] as Slice['served'], unserved: 0 };
  const began = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < rows * endpoints.length && performance.now() - began < LIMIT_MS && !signal.aborted) {
      const endpoint = endpoints[next % endpoints.length] as string;
      next += 1;
      await callInto(slice, build, endpoint, performance.now());
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { ...slice, ms: performance.now() - began };
}

async function callWhenDue(
  build: Callee,
  endpoints: readonly string[],
  due: readonly number[],
  before: number,
  signal: AbortSignal,
): Promise<Slice> {
  const slice = { served: [] as Slice['served'], unserved: 0 };
  const began = performance.now();
  const calls: Promise<void>[] = [];
  for (const [index, at] of due.entries()) {
    const wait = began + at - performance.now();
    if (wait > 1) await sleep(wait, undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    calls.push(callInto(slice, build, endpoints[(before + index) % endpoints.length] as string, began + at));
  }
  await Promise.all(calls);
  return { ...slice, ms: performance.now() - began };
}

/** Makes a call, and adds how long it took since it was due. */
async function callInto(
  slice: { served: Slice['served']; unserved: number },
  build: Callee,
  endpoint: string,
  due: number,
): Promise<void> {
  const { isServed } = await callOne(build, endpoint);
  if (isServed) slice.served.push({ endpoint, ms: performance.now() - due });
  else slice.unserved += 1;
}
