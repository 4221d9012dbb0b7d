/**
 * Prints what a benchmark measures from now on, because it takes minutes. It goes to standard error, with the seconds
 * since the start.
 */
export const measuring = (what: string): void =>
  console.error(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${what}`);
