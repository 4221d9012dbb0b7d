import type { Share } from './share.ts';
import type { Stage } from './stage.ts';

/** What every scenario says, whatever its executor. Times in milliseconds. */
export interface ScenarioConfig {
  readonly name: string;
  readonly executor: string;
  readonly startTime: number;
  /** How long iterations may go on once no more begin. */
  readonly gracefulStop: number;
  /** The name of the exported function that it runs. */
  readonly exec: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A scenario that is ready to run. */
export interface Plan {
  readonly config: ScenarioConfig;
  /** Which of the scenario's iterations are this instance's. */
  readonly share: Share;
  /** How many VUs must be there before it begins. */
  readonly vus: number;
  /** How many it may come to use. */
  readonly maxVus: number;
  /** For how long it begins iterations, in milliseconds. */
  readonly duration: number;
  /** Resolves once its last iteration has ended, or was interrupted. */
  run(stage: Stage): Promise<void>;
}

/** One way to begin iterations: k6's executors. */
export interface Executor {
  /** As scenarios name it: `constant-vus`. */
  readonly type: string;
  /**
   * Reads a scenario's options.
   *
   * @param share What this instance has of the test.
   * @throws ScenarioProblems with all that is wrong with them.
   */
  plan(name: string, options: unknown, share: Share): Plan;
}

/** What is wrong with a scenario, in k6's words where they are known. */
export class ScenarioProblems extends Error {
  override readonly name = 'ScenarioProblems';
  readonly code = 'INVALID_SCENARIO';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(', '));
    this.problems = problems;
  }
}
