/** How long to wait after failures, in milliseconds: doubling from `firstMs` up to `longestMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** A number from 0 to below 1, as Math.random gives it. Handed in, so that a test can set it. */
export type Random = () => number;

/**
 * Milliseconds to wait after `failures` failures in a row (1 or more): the doubled time, less a random share of up to a
 * half, so that replicas that failed together don't come back together, and never at once.
 */
export function backoffMs({ firstMs, longestMs }: Backoff, failures: number, random: Random): number {
  // Beyond 2^30 the product says nothing new, and the power would grow to Infinity.
  const doubled = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return doubled * (1 - random() / 2);
}
