/** A backoff in milliseconds: it doubles from `firstMs` up to `longestMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** A random number in [0, 1), such as `Math.random`. Injected for tests. */
export type Random = () => number;

/**
 * Returns the wait after `failures` consecutive failures (1 or more), in milliseconds. Up to half of the doubled time
 * is randomly taken off, so that replicas that failed together do not retry together.
 */
export function backoffMs({ firstMs, longestMs }: Backoff, failures: number, random: Random): number {
  // A larger exponent would only overflow to Infinity.
  const doubled = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return doubled * (1 - random() / 2);
}
