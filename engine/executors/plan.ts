import type { Share } from './share.ts';
import type { Stage } from './stage.ts';

/** Options shared by all executors. Times are in milliseconds. */
export interface ScenarioConfig {
  readonly name: string;
  readonly executor: string;
  readonly startTime: number;
  /** How long running iterations may continue after the scenario stops starting new ones. */
  readonly gracefulStop: number;
  /** The exported function to run. */
  readonly exec: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** How many VUs a scenario needs from a given time on, in milliseconds since its start. */
interface VuNeed {
  readonly time: number;
  /** VUs that are created before the test starts. */
  readonly vus: number;
  /** VUs that may be created in addition while the scenario runs. */
  readonly extra: number;
}

/** A scenario that is ready to run. */
export interface Plan {
  readonly config: ScenarioConfig;
  /** The part of the scenario that this instance runs. */
  readonly share: Share;
  /** The number of VUs to create before the scenario starts. */
  readonly vus: number;
  /** Maximum number of VUs the scenario may use. */
  readonly maxVus: number;
  /** How many VUs the scenario needs over time, in order. The last entry is 0 VUs. */
  readonly needs: readonly VuNeed[];
  /** How long the scenario keeps starting iterations, in milliseconds. */
  readonly duration: number;
  /** Runs the scenario. Resolves when its last iteration has finished or was interrupted. */
  run(stage: Stage): Promise<void>;
}

/** A strategy for scheduling iterations, as in k6. */
export interface Executor {
  /** The name used in the scenario options, such as `constant-vus`. */
  readonly type: string;
  /** The names of its own options. */
  readonly fields: readonly string[];
  /**
   * Parses a scenario's options.
   *
   * @param share This instance's part of the test.
   * @throws ScenarioProblems that lists every problem
   */
  plan(name: string, options: unknown, share: Share): Plan;
}

/** Problems with a scenario's options, with k6's own messages where they are known. */
export class ScenarioProblems extends Error {
  override readonly name = 'ScenarioProblems';
  readonly code = 'INVALID_SCENARIO';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(', '));
    this.problems = problems;
  }
}
