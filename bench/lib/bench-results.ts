import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { EXIT_OF } from '../../harness/commands/exit-code.ts';
import { runFolder } from '../../harness/report/run-folder.ts';
import type { Verdict } from '../../harness/verdict/finding.ts';
import { type Figure, figureTable, isMet, verdictOf } from './figures.ts';
import { watchOthers } from './others.ts';
import { timePieces, unsteady } from './steady.ts';

/**
 * A benchmark's results folder. It isn't created with `makeRunFolder`, because `latest` must point to the most recent
 * verdict on a service.
 */
export class BenchResults {
  readonly #name: string;
  readonly #started = new Date().toISOString();
  readonly folder: string;
  readonly #others = watchOthers();
  readonly #pieces = timePieces();

  private constructor(name: string) {
    this.#name = name;
    this.folder = runFolder(process.env.RESULTS ?? 'results', { name, started: this.#started });
  }

  /** Creates the folder for a benchmark that starts now. */
  static async open(name: string): Promise<BenchResults> {
    const results = new BenchResults(name);
    await mkdir(results.folder, { recursive: true });
    return results;
  }

  /** Returns why a missed bound proves nothing, if something else has kept the machine busy. */
  busy(): string | undefined {
    return this.#others() ?? unsteady([...this.#pieces, ...timePieces()]);
  }

  /** Judges figures by their bounds, and concludes with them. */
  async judge(measured: readonly Figure[], more: object = {}): Promise<void> {
    const unsound = this.busy();
    const figures = measured.map((figure) => (unsound && !isMet(figure) ? { unsound, ...figure } : figure));
    await this.conclude(verdictOf(figures), figureTable(figures), { ...more, figures });
  }

  /**
   * Prints a table of measurements, writes them to `bench.json`, and sets the process's exit code to 0, 99 or 3.
   *
   * @param measured The measurements, and the settings that they depend on.
   */
  async conclude(verdict: Verdict, table: string, measured: object): Promise<void> {
    console.log(table);
    console.log(`${verdict}; kept in ${this.folder}`);
    const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
    const result = { name: this.#name, started: this.#started, verdict, machine, ...measured };
    await writeFile(join(this.folder, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
    process.exitCode = EXIT_OF[verdict];
  }
}
