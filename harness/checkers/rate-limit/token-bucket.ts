import type { RequestSample } from '../../history/events.ts';
import { answered } from '../lib/request-times.ts';
import { admitted } from './rate-limit-windows.ts';

/** A bucket that is full for a new client. */
export interface Bucket {
  max: number;
  perMs: number;
  /**
   * When it is refilled, if it is not at a constant rate: at this time, in milliseconds since the epoch, and at regular
   * intervals before and after it.
   */
  steps?: { at: number; everyMs: number };
}

/** Returns the bucket of a limit, whose tokens are refilled within the length of a window. */
export const bucketOf = ({ max, lengthMs }: { max: number; lengthMs: number }): Bucket => ({
  max,
  perMs: max / lengthMs,
});

/** Returns how many tokens come back in a time. */
function refilled({ perMs, steps }: Bucket, from: number, until: number): number {
  if (!steps) return perMs * Math.max(0, until - from);
  const { at, everyMs } = steps;
  const times = Math.floor((until - at) / everyMs) - Math.floor((from - at) / everyMs);
  return perMs * everyMs * Math.max(0, times);
}

/**
 * Returns the maximum number of tokens during a time in which no request takes one. A request takes its token at an
 * unknown time while it is in progress.
 */
export function mostTokens(
  bucket: Bucket,
  requests: readonly RequestSample[],
  { from, until }: { from: number; until: number },
): number {
  const before = requests
    .filter((request) => admitted(request) && answered(request) <= from)
    .toSorted((a, b) => b.at - a.at);
  return before.reduce(
    (least, { at }, index) => Math.min(least, bucket.max + refilled(bucket, at, until) - (index + 1)),
    bucket.max,
  );
}

/** Returns the number of tokens that there must be at least in a time. */
export function leastTokens(
  bucket: Bucket,
  requests: readonly RequestSample[],
  { from, until }: { from: number; until: number },
): number {
  const taken = requests
    .filter(({ status, at }) => status !== 429 && at <= until)
    .toSorted((a, b) => answered(b) - answered(a));
  return taken.reduce(
    (least, request, index) => Math.min(least, bucket.max + refilled(bucket, answered(request), from) - (index + 1)),
    bucket.max,
  );
}
