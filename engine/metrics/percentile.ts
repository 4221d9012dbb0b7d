/**
 * Returns a percentile by linear interpolation between the two nearest ranks, as k6 does for a Trend (golden record
 * 44).
 *
 * @param sorted Values in ascending order.
 * @param percent From 0 to 100.
 * @returns The percentile, or 0 if there are no values.
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) return 0;
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? low;
  return low + (high - low) * (rank - Math.floor(rank));
}
