/**
 * Returns a percentile by the nearest-rank method, so always one of the values; NaN for an empty list. `part` is from 0
 * to 1.
 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
