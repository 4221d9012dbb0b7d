/**
 * Prints to standard error what a benchmark measures next, with the seconds since its start. Call it before each part,
 * because a benchmark takes minutes.
 */
export const measuring = (what: string): void =>
  console.error(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${what}`);
