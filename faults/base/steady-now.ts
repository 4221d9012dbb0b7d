/**
 * Returns the milliseconds since the epoch, measured on the monotonic clock and anchored at process start. Changes to
 * the wall clock do not affect it.
 */
export const steadyNow = (): number => performance.timeOrigin + performance.now();
