/**
 * Tolerances for times, in milliseconds. They cover the delays that the harness itself adds on a machine without noise.
 * The noise is measured (see noise.ts) and added to them.
 */

/**
 * How early a trial may come before the end of a recovery timeout. A busy fake records the end of a failure later than
 * the service sees it.
 */
export const EARLY_MS = 50;

/**
 * How late a trial may come after the end of a recovery timeout. This allows for the service's timer and a call in
 * flight.
 */
export const TRIAL_LATE_MS = 150;

/** How long after a timeout calls may end if there are many of them. Their responses arrive one after another. */
export const LATE_MS = 500;

/**
 * Maximum difference between the clocks of two processes, in milliseconds. Each starts with the system time and then
 * runs independently.
 */
export const CLOCKS_MS = 10;

/**
 * Returns how long a call with a timeout may take at most, in milliseconds: the timeout plus a quarter, plus an
 * allowance for a busy machine. A call that waits for a response that takes twice the timeout still exceeds this.
 */
export const latestGivenUp = (timeoutMs: number): number => timeoutMs * 1.25 + LATE_MS;

/**
 * Minimum number of late calls that prove something about the service. The machine may cause one or two late calls, for
 * example because of a lost packet.
 */
export const SEVERAL = 3;

/** Shortest delay by the machine with which a service may take a fault for a timeout, in milliseconds. */
export const TAKEN_FOR_TIMEOUT_MS = 500;

/** Tolerance for Retry-After, which is in whole seconds and is computed a moment later. */
export const RETRY_AFTER_MS = 25;
