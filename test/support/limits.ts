/** For how long a test waits for something that must happen, in milliseconds. Only a hang takes longer, on any machine. */
export const HANG_MS = 240_000;

/** For how long a test or a command may run. It may have to wait for several things, and for a test that runs alone. */
export const TEST_MS = 1_200_000;

/** For how long a test may run that waits until no other runs: see `alone.ts`. */
export const ALONE_MS = 3_600_000;
