import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** How many files are printed. */
const SHOWN = 10;

/** Prints the slowest files after all tests, with their seconds. */
export class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length <= SHOWN) return;
    const timed = modules.map((module) => ({ module, seconds: module.diagnostic().duration / 1_000 }));
    timed.sort((a, b) => b.seconds - a.seconds);
    console.log('\nThe slowest files:');
    for (const { module, seconds } of timed.slice(0, SHOWN)) {
      console.log(`${seconds.toFixed(1).padStart(7)} s  ${relative(process.cwd(), module.moduleId)}`);
    }
  }
}
