/**
 * A period in which the rate changes linearly. Rates are in iterations per millisecond, the duration is in
 * milliseconds.
 */
export interface RateSegment {
  readonly duration: number;
  readonly from: number;
  readonly to: number;
}

/** Returns how long periods take together, in milliseconds. */
export const durationOf = (periods: readonly { readonly duration: number }[]): number =>
  periods.reduce((sum, { duration }) => sum + duration, 0);

/**
 * Yields the times at which iterations are due: the first at 0, and the k-th when the area under the rate reaches k.
 * The end of the schedule is inclusive, so 10 iterations per second for one second yields 11 (golden record 18).
 *
 * @returns Milliseconds since the start, in ascending order.
 */
export function* arrivalTimes(segments: readonly RateSegment[]): Generator<number> {
  let next = 0;
  let area = 0;
  let begin = 0;
  for (const { duration, from, to } of segments) {
    const slope = duration > 0 ? (to - from) / duration : 0;
    const end = area + ((from + to) / 2) * duration;
    // The area is a sum of fractions, so allow for a rounding error at the end.
    for (; next <= end + 1e-9 && end > area; next += 1) {
      yield begin + Math.min(duration, timeToArea(next - area, from, slope));
    }
    area = end;
    begin += duration;
  }
}

/** Solves from·t + slope·t²/2 = area for the smaller non-negative t. */
function timeToArea(area: number, from: number, slope: number): number {
  if (area <= 0) return 0;
  if (slope === 0) return area / from;
  return (2 * area) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * area)));
}
