import type { RequestSample } from '../../history/events.ts';
import { firstSent } from '../lib/request-times.ts';
import { type Bounds, boundsOfAll, explains, isWithin, ratesOfEach, sizesOfEach, wholesIn } from './bucket-bounds.ts';
import { type Bucket, bucketOf } from './token-bucket.ts';

/** A limit as promised. */
interface Limit {
  readonly max: number;
  readonly lengthMs: number;
}

const isPossible = ({ least, below }: Bounds): boolean => least < below;

/** Returns the value in the middle of bounds. */
const middleOf = ({ least, below }: Bounds): number => (Number.isFinite(below) ? (least + below) / 2 : least);

const perSecond = (perMs: number): string => `${Number((perMs * 1_000).toPrecision(3))} per second`;

/** Returns a cause if another rate, another size, or both explain all answers. */
export function otherBucket(limit: Limit, requests: readonly RequestSample[]): string | undefined {
  const bucket = bucketOf(limit);
  const rates = boundsOfAll(ratesOfEach(bucket, requests));
  if (isPossible(rates)) {
    const rate = middleOf(rates);
    const [percent, how] = [Math.abs(rate - 1) * 100, rate > 1 ? 'fast' : 'slowly'];
    return `The bucket is refilled too ${how}: ${perSecond(rate * bucket.perMs)} instead of ${perSecond(bucket.perMs)} (${rate > 1 ? '+' : '−'}${percent.toFixed(0)} %).`;
  }
  const { first: size, last } = wholesIn(boundsOfAll(sizesOfEach(bucket, requests)));
  if (size <= last) return `The bucket has ${size} tokens instead of ${limit.max}: so many are allowed at once.`;
  const both = otherSizes(limit.max).find((max) =>
    isWithin(1, boundsOfAll(ratesOfEach(bucketOf({ ...limit, max }), requests))),
  );
  if (both === undefined) return undefined;
  const processes = both / limit.max;
  const why = Number.isInteger(processes)
    ? `each of ${processes} processes counts in its own memory, or the limit is ${both}`
    : 'the limit has another value in the settings or in the code';
  return `The bucket has ${both} tokens instead of ${limit.max}, which are refilled in the same time: ${why}.`;
}

/** Returns the other sizes to try: a few more or fewer, and those of several processes. */
const otherSizes = (max: number): number[] =>
  [max + 1, max - 1, max + 2, max - 2, 2 * max, 3 * max, 4 * max].filter((size) => size > 0);

/** The times between two refills to try, in milliseconds. A bucket may also be refilled one token at a time. */
const STEPS_MS = [50, 100, 200, 250, 500, 1_000];
/** The number of times to try for a refill, between two refills. */
const PHASES = 100;

/** Returns the steps in which a bucket is refilled, if they explain all answers. */
export function inSteps(limit: Limit, requests: readonly RequestSample[]): { everyMs: number } | undefined {
  const tokenMs = limit.lengthMs / limit.max;
  const everyMs = [tokenMs, ...STEPS_MS].find(
    (ms) => ms >= tokenMs && ms < limit.lengthMs && isInSteps(bucketOf(limit), ms, requests),
  );
  return everyMs === undefined ? undefined : { everyMs };
}

function isInSteps(bucket: Bucket, everyMs: number, requests: readonly RequestSample[]): boolean {
  const began = firstSent(requests);
  return Array.from({ length: PHASES }, (_, n) => began + (n / PHASES) * everyMs).some((at) =>
    explains({ ...bucket, steps: { at, everyMs } }, requests),
  );
}

/** The other rates to try, as shares of the promised one. */
const SHARES = [0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5];

/** Returns the rates that explain all answers of a bucket that is refilled in steps, as multiples of the limit's rate. */
export function ratesInSteps(limit: Limit, everyMs: number, requests: readonly RequestSample[]): Bounds {
  const { max, perMs } = bucketOf(limit);
  const isPossibleAt = (rate: number) => isInSteps({ max, perMs: perMs * rate }, everyMs, requests);
  const faster = SHARES.find((share) => !isPossibleAt(1 + share)) ?? Number.POSITIVE_INFINITY;
  const slower = SHARES.find((share) => !isPossibleAt(1 - share)) ?? 1;
  return { least: 1 - slower, below: 1 + faster };
}
