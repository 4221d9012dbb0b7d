/**
 * Tolerances for times, in milliseconds: the delay that the harness itself adds on a machine without noise. The noise
 * is measured (noise.ts) and added.
 */

/** Before the end of a recovery timeout: a busy fake notes the end of a failure later than the service learns of it. */
export const EARLY_MS = 50;

/** After the end of a recovery timeout: the timer of the service, and a call that is in flight meanwhile. */
export const TRIAL_LATE_MS = 150;

/** After a timeout of many simultaneous calls: their answers arrive one after another. */
export const LATE_MS = 500;

/**
 * Milliseconds by which the clocks of two processes may differ: each starts with the time of the system and then runs
 * independently.
 */
export const CLOCKS_MS = 10;

/**
 * Returns the milliseconds after which a call with a timeout has ended: a quarter more, plus the delay of a busy
 * machine. A wait for an answer that takes twice the timeout is still distinguishable.
 */
export const latestGivenUp = (timeoutMs: number): number => timeoutMs * 1.25 + LATE_MS;

/** Tolerance of Retry-After: it is in whole seconds, by a clock that is read a moment later. */
export const RETRY_AFTER_MS = 25;
