/** A stretch of time in which the rate moves evenly: rates per millisecond, the duration in milliseconds. */
export interface RateSegment {
  readonly duration: number;
  readonly from: number;
  readonly to: number;
}

/**
 * When iterations are due: the first at once, and the k-th as soon as the area under the rate has come to k. The end
 * counts too, so that 10 a second for one second are 11 (golden record 18).
 *
 * @returns Milliseconds from the beginning, ascending.
 */
export function* arrivalTimes(segments: readonly RateSegment[]): Generator<number> {
  let next = 0;
  let area = 0;
  let begin = 0;
  for (const { duration, from, to } of segments) {
    const slope = duration > 0 ? (to - from) / duration : 0;
    const end = area + ((from + to) / 2) * duration;
    // The area is a sum of fractions: what falls on the end but for rounding, falls on it.
    for (; next <= end + 1e-9 && end > area; next += 1) {
      yield begin + Math.min(duration, timeToArea(next - area, from, slope));
    }
    area = end;
    begin += duration;
  }
}

/** Solves from·t + slope·t²/2 = area for the smaller t that is not negative. */
function timeToArea(area: number, from: number, slope: number): number {
  if (area <= 0) return 0;
  if (slope === 0) return area / from;
  return (2 * area) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * area)));
}
