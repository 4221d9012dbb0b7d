/**
 * A monotonic clock in whole milliseconds from an arbitrary start. Use it for all intervals, since the wall clock may
 * be changed while the service runs. Injected for tests.
 */
export interface Clock {
  now(): number;
}

/** The monotonic clock of the process. It reads `performance` on every call, so that fake timers work. */
export const systemClock: Clock = { now: () => Math.floor(performance.now()) };

/**
 * Milliseconds since the epoch. The clock may be changed, so use it only for dates that are shared with others, such as
 * `exp` of a token.
 */
export interface WallClock {
  epochMs(): number;
}

export const systemWallClock: WallClock = { epochMs: () => Date.now() };

/**
 * The date `milliseconds` from now. Pass it to {@link millisecondsUntil} right away, before the wall clock can change.
 */
export const dateIn = (milliseconds: number): Date => new Date(Date.now() + milliseconds);

/** Milliseconds until a date that {@link dateIn} has just returned; 0 if there is no date. */
export const millisecondsUntil = (date: Date | undefined): number => (date ? date.getTime() - Date.now() : 0);

/**
 * Converts milliseconds to whole seconds for `Retry-After`. Rounds up, with a minimum of 1, so that a client never
 * retries too early.
 */
export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
