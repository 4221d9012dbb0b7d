import type { Lab } from '../lab/lab.ts';
import type { Reporter } from '../report/reporters/reporter.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import type { Skipped } from './skipped-scenario.ts';

/** The options of a run. */
export interface RunOptions {
  /** The run's name in results/, such as `chaos`. */
  name: string;
  scenarios: readonly string[];
  /** Scenarios or suites that must be judged, beside those that the contract requires. */
  require: readonly string[];
  contract: string;
  /** Starts the service, in place of the contract's command. */
  command?: string[] | undefined;
  profile: string;
  engine: string;
  postgres: string;
  fakes: string;
  /** A lab that is up already and stays up; without it, the run starts its own. */
  lab?: Lab | undefined;
  seed: number;
  /** How many scenarios may run at once, each on its own lab. */
  jobs: number;
  results: string;
  reporter: Reporter;
  /** Which repeat this run is, such as "2 of 50". */
  repetition?: string;
  /** Ends the run early, in order; its reason is reported. */
  signal: AbortSignal;
  /** Judges something beside the scenarios that belongs to the verdict; it may write into the run's folder. */
  compared?: ((folder: string) => Promise<ScenarioResult | Skipped>) | undefined;
}
