/**
 * Returns a percentile using the nearest-rank method, so the result is always one of the values. Returns NaN for an
 * empty list.
 *
 * @param part The percentile as a fraction from 0 to 1.
 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
