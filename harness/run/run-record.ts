import { whyUnwritten } from '../base/written.ts';
import type { LikelyPromise } from '../contract/likely-promises.ts';
import { writeVerdict } from '../report/run-folder.ts';
import { writeReport } from '../report/write-report.ts';
import { coverageOf, verdictOf } from '../verdict/coverage.ts';
import { coverPromises, type Promised } from '../verdict/promise-coverage.ts';
import { type RunResult, type ScenarioResult, VERDICT_VERSION } from '../verdict/run-result.ts';
import type { Skipped } from './skipped-scenario.ts';

/** The facts about a run before its first scenario starts. */
export interface RunStart
  extends Pick<
    RunResult,
    'name' | 'profile' | 'seed' | 'service' | 'engine' | 'postgres' | 'environment' | 'skipped' | 'requires'
  > {
  readonly started: Date;
  /** Number of requested scenarios, including those that are skipped. */
  readonly requested: number;
  readonly promised: Promised;
  /** Promises that the contract lacks and that the service most likely makes. */
  readonly likely: readonly LikelyPromise[];
}

/**
 * The results of a run so far. They are written to its folder whenever a scenario ends, so that they can be read if the
 * run is killed. The run continues if they can't be written, because its verdict is also printed.
 */
export class RunRecord {
  readonly #folder: string;
  readonly #start: RunStart;
  readonly #skipped: Skipped[];
  /** Results of scenarios, at the places of their scenarios. */
  readonly #results: ScenarioResult[] = [];
  #writing: Promise<void> = Promise.resolve();
  #unwritten: string | undefined;

  constructor(folder: string, start: RunStart) {
    this.#folder = folder;
    this.#start = start;
    this.#skipped = [...start.skipped];
  }

  /** Why results could not be written, if so. */
  get unwritten(): string | undefined {
    return this.#unwritten;
  }

  /**
   * Writes that the run has begun.
   *
   * @throws ProofloadError RESULTS_NOT_WRITTEN
   */
  async begin(): Promise<void> {
    await this.#writeUnfinished();
  }

  readonly keep = (result: ScenarioResult, place: number): Promise<void> => {
    this.#results[place] = result;
    this.#writing = this.#writing.then(() => this.#writeUnfinished()).catch(this.#noteUnwritten);
    return this.#writing;
  };

  /** Adds the result of a comparison after those of the scenarios. */
  add(compared: ScenarioResult | Skipped): void {
    if ('skipped' in compared) this.#skipped.push(compared);
    else this.#results.push(compared);
  }

  /** @param why Why the run was stopped early, if it was. */
  summarize(why?: string): RunResult {
    const { name, started, requested, promised, likely, requires, ...start } = this.#start;
    const skipped = this.#skipped;
    const scenarios = this.#results.filter(Boolean);
    const coverage = {
      ...coverageOf({ scenarios, skipped }, requested),
      promises: coverPromises({ scenarios, skipped }, promised),
      ...(likely.length > 0 && { likely: [...likely] }),
    };
    const judged = { scenarios, requires, coverage, ...(why !== undefined && { stopped: why }) };
    return {
      version: VERDICT_VERSION,
      name,
      started: started.toISOString(),
      seconds: (Date.now() - started.getTime()) / 1_000,
      verdict: verdictOf(judged),
      ...start,
      skipped,
      ...judged,
    };
  }

  async report(finished: RunResult): Promise<void> {
    await writeReport(this.#folder, finished).catch(this.#noteUnwritten);
  }

  #writeUnfinished(): Promise<void> {
    return writeVerdict(this.#folder, this.summarize('it was killed before it finished'));
  }

  readonly #noteUnwritten = (error: unknown): void => {
    this.#unwritten = whyUnwritten(error);
    if (this.#unwritten === undefined) throw error;
  };
}
