import type { RequestSample } from '../../history/events.ts';
import { answered } from '../lib/request-times.ts';
import { TOLERANCE_MS } from './judge-answers.ts';
import { admitted } from './rate-limit-windows.ts';
import { type Bucket, leastTokens, mostTokens } from './token-bucket.ts';

/** The values of a number that explain an answer, or all answers: at least the first, and less than the second one. */
export interface Bounds {
  readonly least: number;
  readonly below: number;
}

const ANY: Bounds = { least: 0, below: Number.POSITIVE_INFINITY };

export const isWithin = (value: number, { least, below }: Bounds): boolean => least <= value && value < below;

/** Returns the whole numbers within bounds. There are none if the first one is greater than the last one. */
export const wholesIn = ({ least, below }: Bounds): { first: number; last: number } => ({
  first: Math.max(1, Math.ceil(least)),
  last: Math.ceil(below) - 1,
});

/** Limiters round the interval between two tokens, so their rates may differ by this share. */
const ROUNDING = 0.01;

/** Returns the longest and the shortest time that a service can have measured instead of a time, in milliseconds. */
const longest = (ms: number): number => Math.max(ms + TOLERANCE_MS, ms * (1 + ROUNDING));
const shortest = (ms: number): number => Math.max(0, Math.min(ms - TOLERANCE_MS, ms * (1 - ROUNDING)));

/** A number of tokens that were taken, and the time in milliseconds in which others came back. */
type Taken = (n: number, ms: number) => number;

/**
 * Returns the bounds that the answer to each request sets to a number of a bucket. A request takes its token at an
 * unknown time while it is in progress. If it was allowed, there was a token although all requests that had been
 * answered had taken theirs. If it was refused, there was none although requests in progress may take theirs later.
 *
 * @param needed Returns the least value with which n tokens can be taken in a time.
 * @param left Returns the value from which on a token is left when n tokens have been taken in a time.
 */
function boundsOfEach(requests: readonly RequestSample[], needed: Taken, left: Taken): Map<RequestSample, Bounds> {
  const allowed = requests.filter(admitted).toSorted((a, b) => b.at - a.at);
  const taken = requests.filter(({ status }) => status !== 429).toSorted((a, b) => answered(b) - answered(a));
  const boundsOf = (request: RequestSample): Bounds => {
    const ends = answered(request);
    let n = 0;
    if (request.status === 429) {
      let below = 0;
      for (const other of taken) {
        if (other.at > ends) continue;
        n += 1;
        below = Math.max(below, left(n, shortest(request.at - answered(other))));
      }
      return { ...ANY, below };
    }
    let least = needed(1, longest(0));
    if (!admitted(request)) return ANY;
    for (const other of allowed) {
      if (other === request || answered(other) > ends) continue;
      n += 1;
      least = Math.max(least, needed(n + 1, longest(ends - other.at)));
    }
    return { ...ANY, least };
  };
  return new Map(requests.map((request) => [request, boundsOf(request)]));
}

/** Returns the rates that explain each answer, as multiples of the bucket's rate. */
export const ratesOfEach = ({ max, perMs }: Bucket, requests: readonly RequestSample[]): Map<RequestSample, Bounds> =>
  boundsOfEach(
    requests,
    (n, ms) => Math.max(0, n - max) / (perMs * ms),
    (n, ms) => (n < max ? 0 : (1 - max + n) / (perMs * ms)),
  );

/** Returns the sizes that explain each answer. */
export const sizesOfEach = ({ perMs }: Bucket, requests: readonly RequestSample[]): Map<RequestSample, Bounds> =>
  boundsOfEach(
    requests,
    (n, ms) => n - perMs * ms,
    (n, ms) => 1 + n - perMs * ms,
  );

/** Returns the values that explain all answers. There are none if the first one is not less than the second one. */
export function boundsOfAll(each: ReadonlyMap<RequestSample, Bounds>): Bounds {
  let { least, below } = ANY;
  for (const bounds of each.values()) {
    least = Math.max(least, bounds.least);
    below = Math.min(below, bounds.below);
  }
  return { least, below };
}

/** Whether a bucket that is refilled in steps explains all answers. */
export function explains(bucket: Bucket, requests: readonly RequestSample[]): boolean {
  const allowed = requests.filter(admitted);
  return requests.every((request) => {
    const ends = answered(request);
    if (request.status === 429)
      return leastTokens(bucket, requests, { from: request.at - TOLERANCE_MS, until: ends }) < 1;
    if (!admitted(request)) return true;
    const others = allowed.filter((other) => other !== request && answered(other) <= ends);
    return mostTokens(bucket, others, { from: ends, until: ends + TOLERANCE_MS }) >= 1;
  });
}
