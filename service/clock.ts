/** Where the service reads the time: milliseconds since the epoch. Handed in, so that a test can set it. */
export interface Clock {
  now(): number;
}

/** The system's clock. It asks `Date` anew each time, so fake timers reach it. */
export const systemClock: Clock = { now: () => Date.now() };

/**
 * Whole seconds to wait for `milliseconds` to have passed, as `Retry-After` wants them.
 * Rounded up and never below 1: who waits that long is never too early.
 */
export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
