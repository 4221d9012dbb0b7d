/** Nanoseconds in a millisecond. Like k6, calculate in nanoseconds, so that rounding has the same effect. */
const NS = 1_000_000;

/** Returns how long periods take together, in milliseconds. */
export const durationOf = (periods: readonly { readonly duration: number }[]): number =>
  periods.reduce((sum, { duration }) => sum + duration, 0);

/**
 * Yields the times at which iterations are due at a constant rate: the first at 0. The end of the schedule is inclusive,
 * so 10 iterations per second for one second yields 11 (golden record 18).
 *
 * @returns Milliseconds since the start, in ascending order.
 */
export function* constantTimes(rate: number, timeUnit: number, duration: number): Generator<number> {
  const period = Math.max(1, Math.trunc((timeUnit * NS) / rate));
  for (let time = 0; time <= duration * NS; time += period) yield time / NS;
}

/**
 * Yields the times at which iterations are due while the rate changes linearly to the target of each stage. The n-th is
 * due when the area under the rate reaches n, so none is due at 0.
 *
 * @returns Milliseconds since the start, in ascending order.
 */
export function* rampingTimes(
  startRate: number,
  timeUnit: number,
  stages: readonly { readonly duration: number; readonly target: number }[],
): Generator<number> {
  let next = 1;
  let area = 0;
  let begin = 0;
  let from = startRate / (timeUnit * NS);
  for (const { duration, target } of stages) {
    const to = target / (timeUnit * NS);
    const length = duration * NS;
    const end = area + length * ((to - from) / 2 + from);
    for (; next <= end; next += 1) yield begin + Math.trunc(timeToArea(next - area, from, to, length)) / NS;
    area = end;
    from = to;
    begin += duration;
  }
}

/** Solves from·t + (to - from)/(2·length)·t² = area for the smaller non-negative t. */
function timeToArea(area: number, from: number, to: number, length: number): number {
  if (from === to) return area / to;
  const root = Math.sqrt(Math.max(0, length * (from * from * length + 2 * area * (to - from))));
  return (root - from * length) / (to - from);
}
