import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { type Figure, figureTable, isMet, verdictOf } from './figures.ts';
import { watchOthers } from './others.ts';

const EXIT_CODES = { PASS: 0, FAIL: 99, INCONCLUSIVE: 3 };

/**
 * A benchmark's results folder. It isn't created with `makeRunFolder`, because `latest` must point to the most recent
 * verdict on a service.
 */
export class BenchResults {
  readonly #name: string;
  readonly #started = new Date();
  readonly #busy = watchOthers();
  readonly folder: string;

  private constructor(name: string) {
    this.#name = name;
    this.folder = join(
      process.env.RESULTS ?? 'results',
      'runs',
      name,
      this.#started.toISOString().replaceAll(':', '-'),
    );
  }

  /** Creates the folder for a benchmark that starts now. */
  static async open(name: string): Promise<BenchResults> {
    const results = new BenchResults(name);
    await mkdir(results.folder, { recursive: true });
    return results;
  }

  /**
   * Prints the figures, writes them to `bench.json`, and sets the process's exit code to 0, 99 or 3. A missed bound
   * proves nothing if other programs kept the machine busy.
   */
  async conclude(measured: readonly Figure[], more: object = {}): Promise<void> {
    const unsound = this.#busy();
    const figures = measured.map((figure) => (unsound && !isMet(figure) ? { unsound, ...figure } : figure));
    console.log(figureTable(figures));
    const verdict = verdictOf(figures);
    console.log(`${verdict}; kept in ${this.folder}`);
    const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
    const result = { name: this.#name, started: this.#started.toISOString(), verdict, machine, ...more, figures };
    await writeFile(join(this.folder, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
    process.exitCode = EXIT_CODES[verdict];
  }
}
