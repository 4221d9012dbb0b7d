import type { RequestSample } from '../../history/events.ts';
import { answered } from '../lib/request-times.ts';
import { admitted } from './rate-limit-windows.ts';

/** A bucket that is full for a new client, and is refilled at a constant rate. */
export interface Bucket {
  max: number;
  perMs: number;
}

/** Returns the bucket of a limit, whose tokens are refilled within the length of a window. */
export const bucketOf = ({ max, lengthMs }: { max: number; lengthMs: number }): Bucket => ({
  max,
  perMs: max / lengthMs,
});

/**
 * Returns the maximum number of tokens during a time in which no request takes one. A request takes its token at an
 * unknown time while it is in progress.
 */
export function mostTokens(
  { max, perMs }: Bucket,
  requests: readonly RequestSample[],
  { from, until }: { from: number; until: number },
): number {
  const before = requests
    .filter((request) => admitted(request) && answered(request) <= from)
    .toSorted((a, b) => b.at - a.at);
  return before.reduce((least, { at }, index) => Math.min(least, max + perMs * (until - at) - (index + 1)), max);
}

/** Returns the number of tokens that there must be at least in a time. */
export function leastTokens(
  { max, perMs }: Bucket,
  requests: readonly RequestSample[],
  { from, until }: { from: number; until: number },
): number {
  const taken = requests
    .filter(({ status, at }) => status !== 429 && at <= until)
    .toSorted((a, b) => answered(b) - answered(a));
  return taken.reduce(
    (least, request, index) => Math.min(least, max + perMs * Math.max(0, from - answered(request)) - (index + 1)),
    max,
  );
}
