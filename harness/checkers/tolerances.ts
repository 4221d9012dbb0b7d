/**
 * Milliseconds before a recovery timeout is over from which on a call may be a trial already: a fake on a busy machine notes
 * the end of the failure that began it so much later than the service learnt of it.
 */
export const EARLY_MS = 100;

/** Milliseconds after a timeout in which a call may still be refused: timers and sockets of a busy machine run late. */
export const LATE_MS = 500;

/**
 * Milliseconds in which a call is over that is given up after a timeout: a quarter more, and what a busy machine runs late. Whoever
 * waits for an answer that takes twice the timeout is still told apart.
 */
export const latestGivenUp = (timeoutMs: number): number => timeoutMs * 1.25 + LATE_MS;
