/**
 * How many times as long the slowest of equal pieces of work may take as the fastest. On a quiet machine, it takes 1.1
 * times as long.
 */
const SPREAD = 1.5;

const PIECES = 12;

/**
 * Returns the processor time in milliseconds that each of some equal pieces of work takes. On a virtual machine, other
 * virtual machines slow down its processors, and no counter of the system shows this.
 */
export function timePieces(): number[] {
  work(); // compiles it
  return Array.from({ length: PIECES }, () => {
    const before = process.cpuUsage();
    work();
    return process.cpuUsage(before).user / 1_000;
  });
}

function work(): number {
  let sum = 0;
  for (let n = 0; n < 1e7; n += 1) sum += n % 7;
  return sum;
}

/** Tells why a missed bound proves nothing, or undefined if equal pieces of work took equally long. */
export function unsteady(pieces: readonly number[]): string | undefined {
  const [fastest, slowest] = [Math.min(...pieces), Math.max(...pieces)];
  if (slowest <= SPREAD * fastest) return undefined;
  return `the machine was too busy: equal work took ${fastest.toFixed(0)} to ${slowest.toFixed(0)} ms of processor time`;
}
