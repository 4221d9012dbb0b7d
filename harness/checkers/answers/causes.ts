/** Likely causes that several checkers name. */

/** A single handler must pass on each piece. */
export const TWICE =
  'Pieces of a stream are passed on twice: they are sent again after a reconnect or a retry, or an event has two handlers.';

export const TURNED =
  'Pieces of a stream are processed concurrently, and sent as they become ready: await each of them before the next one.';
