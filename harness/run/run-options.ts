import type { Lab } from '../lab/lab.ts';
import type { Watcher } from '../report/live/watcher.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import type { Skipped } from './skipped-scenario.ts';

export interface RunOptions {
  /** The run's name in results/, such as `chaos`. */
  name: string;
  scenarios: readonly string[];
  /** Scenarios or suites that have to be judged, beside those that the contract requires. */
  require: readonly string[];
  contract: string;
  /** Starts the service in the place of the contract's own command, where given. */
  command?: string[] | undefined;
  profile: string;
  engine: string;
  postgres: string;
  fakes: string;
  /** A lab that is up and stays so, in the place of one that is brought up for this run. */
  lab?: Lab | undefined;
  seed: number;
  /** How many scenarios may run at once, each on a lab of its own. */
  jobs: number;
  results: string;
  /** Shows a text to whoever watches: what the run works with, and each scenario's table. */
  say: (text: string) => void;
  /** Shows where the run is. */
  watcher: Watcher;
  /** Ends the run early, in order; its reason says why. */
  signal: AbortSignal;
  /** What is judged beside the scenarios and belongs to the verdict; it may leave something in the run's folder. */
  compared?: ((folder: string) => Promise<ScenarioResult | Skipped>) | undefined;
}
