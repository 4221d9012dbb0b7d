import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { type Figure, figureTable, verdictOf } from './figures.ts';

const EXIT_CODES = { PASS: 0, FAIL: 99, INCONCLUSIVE: 3 };

/**
 * The results folder of a bench. It does not use makeRunFolder, because `latest` must point to the newest verdict on a
 * service.
 */
export class BenchResults {
  readonly #name: string;
  readonly #started = new Date();
  readonly folder: string;

  private constructor(name: string) {
    this.#name = name;
    this.folder = join(
      ...[process.env.RESULTS ?? 'results', 'runs', name, this.#started.toISOString().replaceAll(':', '-')],
    );
  }

  /** Creates a folder for a bench that starts now. */
  static async open(name: string): Promise<BenchResults> {
    const results = new BenchResults(name);
    await mkdir(results.folder, { recursive: true });
    return results;
  }

  /** Prints the figures, writes them to `bench.json`, and sets the exit code of the process: 0, 99 or 3. */
  async conclude(figures: readonly Figure[], more: object = {}): Promise<void> {
    console.log(figureTable(figures));
    const verdict = verdictOf(figures);
    console.log(`${verdict}; kept in ${this.folder}`);
    const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
    const result = { name: this.#name, started: this.#started.toISOString(), verdict, machine, ...more, figures };
    await writeFile(join(this.folder, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
    process.exitCode = EXIT_CODES[verdict];
  }
}
