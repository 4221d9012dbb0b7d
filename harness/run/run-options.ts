import type { Use } from '../contract/load.ts';
import type { Lab } from '../lab/lab.ts';
import type { Reporter } from '../report/reporters/reporter.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import type { MutatedRun } from './mutated-run.ts';
import type { Skipped } from './skipped-scenario.ts';

export interface RunOptions {
  /** The run's name in results/, for example `chaos`. */
  name: string;
  scenarios: readonly string[];
  /** Scenarios or suites that must be judged, in addition to those that the contract requires. */
  require: readonly string[];
  contract: string;
  /** A command that starts the service, instead of the one in the contract. */
  command?: string[] | undefined;
  /** Other machines that the contract may name, in lower case. Defaults to none. */
  allowHost?: readonly string[] | undefined;
  /** Changes of the contract that apply to this run only. Defaults to none. */
  changes?: Use['changes'];
  /** Whether scenarios leave out what takes long, and don't wait for processors. Defaults to false. */
  isBrief?: Use['isBrief'];
  profile: string;
  engine: string;
  postgres: string;
  /** Existing labs, which keep running after the run. If they are not set, the run starts its own. */
  labs?: readonly Lab[] | undefined;
  /** Labs that the run uses, and to which it adds those that it starts. They also keep running. */
  keptLabs?: Lab[];
  seed: number;
  /** How many scenarios may run concurrently, each in its own lab. */
  jobs: number;
  /** How many may run concurrently while an eighth of the processor time is idle. Defaults to `jobs`. */
  spareJobs?: number;
  /** Whether scenarios that are INCONCLUSIVE run once more, alone. Defaults to false. */
  measuresAgain?: boolean;
  results: string;
  /** When the command began, if it did something else before. Defaults to now. */
  began?: Date;
  /** How many runs of the same name to keep when the run has ended. Defaults to 20. */
  keep?: number;
  reporter: Reporter;
  /**
   * Returns the mutants that act on the wire in a scenario, by its name. It runs once for each element. Defaults to one
   * run without mutants.
   */
  mutationsOf?: ((scenario: string) => readonly MutatedRun[]) | undefined;
  /** Which repeat this run is, for example "2 of 50". */
  repetition?: string;
  /** Stops the run early but gracefully. The abort reason is reported. */
  signal: AbortSignal;
  /** How long processes may take to end after an abort, in milliseconds. Defaults to the usual time of each. */
  graceMs?: number;
  /**
   * Judges something other than the scenarios that also counts toward the verdict, and that can be required by its name.
   * It may write to the run's folder.
   */
  compared?: { readonly name: string; judge(folder: string): Promise<ScenarioResult | Skipped> };
}
