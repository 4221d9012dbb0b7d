import type { Finding, Verdict } from '../../verdict/finding.ts';
import { ScenarioState } from './scenario-state.ts';
import type { Announced } from './watcher.ts';

/** What a run is at, as far as it was told. */
export class LiveState {
  step = '';
  note = '';
  readonly checks: Record<Verdict, number> = { PASS: 0, FAIL: 0, INCONCLUSIVE: 0 };
  readonly #running = new Set<ScenarioState>();

  /** Scenarios that run now, in the order in which they began. */
  get running(): ScenarioState[] {
    return [...this.#running];
  }

  /** @param now Milliseconds since the epoch. */
  begin(announced: Announced, now: number): ScenarioState {
    const scenario = new ScenarioState(announced, now);
    this.#running.add(scenario);
    return scenario;
  }

  judged(scenario: ScenarioState, findings: readonly Finding[]): void {
    for (const { verdict } of findings) this.checks[verdict] += 1;
    this.#running.delete(scenario);
  }
}
