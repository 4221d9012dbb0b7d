import type { RunResult, ScenarioResult } from '../../verdict/run-result.ts';
import type { Announced, Plan, ScenarioWatcher } from '../live/display.ts';
import type { Repeats } from '../repeats.ts';

export interface RunPlan extends Plan {
  readonly service: string;
  /** The contract's path, relative to the working directory. */
  readonly contract: string;
  readonly profile: string;
  readonly seed: number;
  readonly engine: RunResult['engine'];
  readonly postgres: string;
  /** How precisely times can be measured on this machine, in words. */
  readonly machine: string;
  /** Expected duration in seconds, with the time in which the lab was started. */
  readonly seconds: number;
  /** Number of scenarios that are skipped. */
  readonly skipped: number;
  /** The run's folder within the results. */
  readonly folder: string;
  /** The command that reruns everything that did not pass. */
  readonly again: string;
  /** Which repeat this run is, for example "2 of 50". Absent for a single run. */
  readonly repetition?: string;
}

/**
 * Reports on a run. `run` calls the methods in the order in which they are listed. Scenarios may overlap. If a run
 * throws, neither `runEnds` nor `runInterrupted` is called.
 */
export interface Reporter extends Disposable {
  /** Reports a step before the first scenario, such as starting the lab. */
  step(text: string): void;
  runBegins(plan: RunPlan): void;
  scenarioBegins(scenario: Announced): ScenarioWatcher;
  /** Called when a scenario, or the comparison with another build, has been judged. */
  scenarioEnds(result: ScenarioResult): void;
  /** Called before the end of a run if a file of its results could not be written. The message names it. */
  unwritten(message: string): void;
  runEnds(result: RunResult): void;
  /** Called instead of `runEnds` if the user ended the run. Interrupted scenarios have not been reported. */
  runInterrupted(result: RunResult): void;
  /** Called after all repeats of a run. */
  repeatsEnd(repeats: Repeats): void;
  /** Shows an important message immediately. May be called at any time. */
  note(text: string): void;
}

/** A reporter that prints nothing. Other reporters override the methods that they need. */
export const SILENT: Reporter = {
  step() {},
  runBegins() {},
  scenarioBegins: () => ({ see() {}, ended() {} }),
  scenarioEnds() {},
  runEnds() {},
  runInterrupted() {},
  unwritten() {},
  repeatsEnd() {},
  note() {},
  [Symbol.dispose]() {},
};
