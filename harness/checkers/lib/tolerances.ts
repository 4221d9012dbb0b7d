/**
 * What a time may be beyond its bound, in milliseconds, on a machine without any noise: what the harness itself adds. What the
 * machine adds is measured (noise.ts), and comes on top.
 */

/**
 * Before a recovery timeout is over: a fake that has much to do notes the end of the failure that began it so much later than
 * the service learnt of it.
 */
export const EARLY_MS = 50;

/** After a recovery timeout: the service's timer, and the way of a call that was sent before it and is refused after. */
export const TRIAL_LATE_MS = 150;

/** After a timeout of many calls at once: their answers come one after the other. */
export const LATE_MS = 500;

/** Milliseconds by which clocks of two processes of a machine may differ: each begins with the system's, and goes on alone. */
export const CLOCKS_MS = 10;

/**
 * Milliseconds in which a call is over that is given up after a timeout: a quarter more, and what a busy machine runs late. Whoever
 * waits for an answer that takes twice the timeout is still told apart.
 */
export const latestGivenUp = (timeoutMs: number): number => timeoutMs * 1.25 + LATE_MS;

/** By which Retry-After may miss a window's end: it is in whole seconds, of a clock that is read a moment later. */
export const RETRY_AFTER_MS = 25;
