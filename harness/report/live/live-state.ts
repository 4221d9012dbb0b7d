import { secondsUntilDone, type Task } from '../../base/lanes.ts';
import { countVerdicts, type Verdict } from '../../verdict/finding.ts';
import type { Announced, Plan } from './display.ts';
import { ScenarioState } from './scenario-state.ts';

/** A run's progress. */
export interface Progress {
  done: number;
  count: number;
  /** Estimated seconds until the last scenario ends. */
  secondsLeft: number;
}

/** A run's reported state. Times are in milliseconds since the epoch. */
export class LiveState {
  step = '';
  note = '';
  plan: Plan = { scenarios: [], width: 1 };
  readonly checks = countVerdicts([]);
  readonly #running = new Set<ScenarioState>();
  readonly #done = new Set<string>();

  /** A run begins. Another one may follow, for example of repeats. */
  begins(plan: Plan): void {
    this.plan = plan;
    this.step = '';
    this.#done.clear();
  }

  /** The scenarios that are running, in the order in which they started. */
  get running(): ScenarioState[] {
    return [...this.#running];
  }

  begin(announced: Announced, now: number): ScenarioState {
    const scenario = new ScenarioState(announced, now);
    this.#running.add(scenario);
    return scenario;
  }

  end(scenario: ScenarioState): void {
    this.#done.add(scenario.announced.scenario);
    this.#running.delete(scenario);
  }

  judged(checks: readonly Verdict[]): void {
    for (const verdict of checks) this.checks[verdict] += 1;
  }

  progress(now: number): Progress {
    const { scenarios, width, stretch } = this.plan;
    const began = new Map(this.running.map((state) => [state.announced.scenario, state.began]));
    const open = scenarios.filter(({ name }) => !this.#done.has(name));
    const tasks = open.map(({ name, seconds, atOnce }): Task => {
      const elapsed = (now - (began.get(name) ?? now)) / 1_000;
      return { seconds: Math.max(0, seconds - elapsed), atOnce };
    });
    return { done: this.#done.size, count: scenarios.length, secondsLeft: secondsUntilDone(tasks, width, stretch) };
  }
}
