/**
 * Milliseconds before a recovery timeout is over from which on a call may be a trial already: a fake on a busy machine notes
 * the end of the failure that began it so much later than the service learnt of it.
 */
export const EARLY_MS = 100;

/** Milliseconds after a timeout in which a call may still be refused: timers and sockets of a busy machine run late. */
export const LATE_MS = 500;
