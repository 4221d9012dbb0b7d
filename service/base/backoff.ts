/** An exponential backoff in milliseconds, which doubles from `firstMs` up to `longestMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Returns a random number in [0, 1), like `Math.random`. Tests inject their own. */
export type Random = () => number;

/**
 * Returns the delay after `failures` consecutive failures (at least 1), in milliseconds. Random jitter shortens the
 * delay by up to half, so that replicas that failed at the same time don't retry at the same time.
 */
export function backoffMs({ firstMs, longestMs }: Backoff, failures: number, random: Random): number {
  // A larger exponent would only overflow to Infinity.
  const doubled = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return doubled * (1 - random() / 2);
}
