/**
 * A monotonic clock in whole milliseconds since an arbitrary point in time. Use it for all intervals, because the wall
 * clock may be changed while the service is running. Tests inject their own.
 */
export interface Clock {
  now(): number;
}

/** The process's monotonic clock. It reads `performance` on every call so that fake timers work. */
export const systemClock: Clock = { now: () => Math.floor(performance.now()) };

/**
 * Returns the milliseconds since the epoch. The wall clock may be changed, so use it only for dates that are shared
 * with others, such as a token's `exp`.
 */
export interface WallClock {
  epochMs(): number;
}

export const systemWallClock: WallClock = { epochMs: () => Date.now() };

/**
 * Returns the date that is `milliseconds` from now. Pass it to {@link millisecondsUntil} immediately, before the wall
 * clock can change.
 */
export const dateIn = (milliseconds: number): Date => new Date(Date.now() + milliseconds);

/** Returns the milliseconds until a date that was just returned by {@link dateIn}, or 0 if there is no date. */
export const millisecondsUntil = (date: Date | undefined): number => (date ? date.getTime() - Date.now() : 0);

/**
 * Converts milliseconds to whole seconds for `Retry-After`. Rounds up to at least 1, so that clients never retry too
 * early.
 */
export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
