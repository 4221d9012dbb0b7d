import type { Share } from './share.ts';
import type { Stage } from './stage.ts';

/** Options common to all scenarios. Times are in milliseconds. */
export interface ScenarioConfig {
  readonly name: string;
  readonly executor: string;
  readonly startTime: number;
  /** The time that running iterations get to finish after the last one has started. */
  readonly gracefulStop: number;
  /** The name of the exported function to run. */
  readonly exec: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A scenario that is ready to run. */
export interface Plan {
  readonly config: ScenarioConfig;
  /** The part of the scenario that this instance runs. */
  readonly share: Share;
  /** The number of VUs to create before the start. */
  readonly vus: number;
  /** The most VUs that it may use. */
  readonly maxVus: number;
  /** The period in which it starts iterations, in milliseconds. */
  readonly duration: number;
  /** Resolves once its last iteration has ended or was interrupted. */
  run(stage: Stage): Promise<void>;
}

/** A strategy for starting iterations, as in k6. */
export interface Executor {
  /** The name in scenarios, such as `constant-vus`. */
  readonly type: string;
  /**
   * Parses a scenario's options.
   *
   * @param share This instance's part of the test.
   * @throws ScenarioProblems that lists all problems.
   */
  plan(name: string, options: unknown, share: Share): Plan;
}

/** Problems with a scenario's options, in k6's words if they are known. */
export class ScenarioProblems extends Error {
  override readonly name = 'ScenarioProblems';
  readonly code = 'INVALID_SCENARIO';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(', '));
    this.problems = problems;
  }
}
