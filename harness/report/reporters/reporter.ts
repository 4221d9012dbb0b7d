import type { RunResult, ScenarioResult } from '../../verdict/run-result.ts';
import type { Announced, Plan, ScenarioWatcher } from '../live/display.ts';
import type { Repeats } from '../repeats.ts';

/** What a run is about to do. */
export interface RunPlan extends Plan {
  readonly service: string;
  /** Path of the contract, relative to the working directory. */
  readonly contract: string;
  readonly profile: string;
  readonly seed: number;
  readonly engine: RunResult['engine'];
  readonly postgres: string;
  /** The precision of times on this machine, in words. */
  readonly machine: string;
  /** Expected duration. */
  readonly seconds: number;
  /** How many scenarios are skipped. */
  readonly skipped: number;
  /** The run's folder in the results. */
  readonly folder: string;
  /** The command that runs again what did not pass. */
  readonly again: string;
  /** Which repeat this run is, such as "2 of 50"; absent for a single run. */
  readonly repetition?: string;
}

/**
 * Tells a person or a program about a run. `run` calls the methods in the order in which they are listed; scenarios may
 * overlap, and a run that throws ends without `runEnds`.
 */
export interface Reporter extends Disposable {
  /** A step before the first scenario, such as bringing the lab up. */
  step(text: string): void;
  runBegins(plan: RunPlan): void;
  scenarioBegins(scenario: Announced): ScenarioWatcher;
  /** A scenario, or the comparison with the baseline, was judged. */
  scenarioEnds(result: ScenarioResult): void;
  runEnds(result: RunResult): void;
  /** All repeats of a run are over. */
  repeatsEnd(repeats: Repeats): void;
  /** A message that must be seen at once, at any time. */
  note(text: string): void;
}

/** A reporter that says nothing; others override the methods that they need. */
export const SILENT: Reporter = {
  step() {},
  runBegins() {},
  scenarioBegins: () => ({ see() {}, request() {}, ended() {} }),
  scenarioEnds() {},
  runEnds() {},
  repeatsEnd() {},
  note() {},
  [Symbol.dispose]() {},
};
