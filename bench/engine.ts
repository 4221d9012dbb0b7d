import { measureArrivals } from './engine/arrivals.ts';
import { measureEfficiency } from './engine/efficiency.ts';
import { measureEmpty, measureSinks, measureStart } from './engine/memory.ts';
import { startTarget } from './engine/start-target.ts';
import { BenchResults } from './lib/bench-results.ts';

/** Maximum lateness (99th percentile, in milliseconds) for a schedule of 2,000 iterations per second. */
const LATE_MS = 1.5;

/** Implements `make bench-engine`, which measures the embedded engine's CPU efficiency, precision and memory. */
async function main(): Promise<void> {
  const quick = process.argv.includes('--quick');
  const results = await BenchResults.open('bench-engine');
  await using target = await startTarget();
  const [rounds, seconds] = quick ? [3, 2] : [5, 5];
  await results.judge(
    [
      ...(await measureEfficiency(target, rounds, seconds)),
      ...(await measureArrivals(target, rounds, 2_000, seconds, LATE_MS)),
      ...(await measureArrivals(target, rounds, 10_000, seconds)),
      await measureSinks(),
      ...(await measureStart(target)),
      ...(await measureEmpty(2 * rounds + 1)),
    ],
    { quick },
  );
}

await main();
