/**
 * Whole milliseconds from an arbitrary moment, which only grow: every interval is measured by them. The wall clock may be set
 * back or forward while the service runs. Handed in, so that a test can set it.
 */
export interface Clock {
  now(): number;
}

/** The process's monotonic clock. It asks `performance` anew each time, so fake timers reach it. */
export const systemClock: Clock = { now: () => Math.floor(performance.now()) };

/** Milliseconds since the epoch, by a clock that may be set: only for dates that are shared with others, such as a token's `exp`. */
export interface WallClock {
  epochMs(): number;
}

/** The system's wall clock. */
export const systemWallClock: WallClock = { epochMs: () => Date.now() };

/** The date in so many milliseconds. It is turned back by {@link millisecondsUntil} at once, before the wall clock can be set. */
export const dateIn = (milliseconds: number): Date => new Date(Date.now() + milliseconds);

/** Milliseconds until a date that {@link dateIn} made a moment ago; 0 for none. */
export const millisecondsUntil = (date: Date | undefined): number => (date ? date.getTime() - Date.now() : 0);

/**
 * Whole seconds to wait for `milliseconds` to have passed, as `Retry-After` wants them.
 * Rounded up and never below 1: who waits that long is never too early.
 */
export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
