import type { Task } from '../../base/lanes.ts';
import type { HistoryEvent, RequestSample } from '../../history/events.ts';
import type { Verdict } from '../../verdict/finding.ts';

/** The scenarios in a run. */
export interface Plan {
  /** The scenarios in the order in which they start. */
  readonly scenarios: readonly (Task & { readonly name: string })[];
  /** How many scenarios run concurrently. */
  readonly width: number;
  /** See `secondsUntilDone`. Defaults to 1. */
  readonly stretch?: number;
}

/** A scenario that is about to run. */
export interface Announced {
  scenario: string;
  /** Expected duration in seconds, if known. */
  expectedSeconds?: number;
  /** Maximum number of connections in the service's pool, if known. */
  ceiling?: number;
  breakers: readonly string[];
}

/** Observes a scenario while it is running. */
export interface ScenarioWatcher {
  /** Receives each event in the scenario's history, except requests. */
  see(event: HistoryEvent): void;
  /**
   * Receives each request shortly after it was made, as read from the engine's samples. Absent if nothing uses them.
   */
  request?(sample: RequestSample): void;
  /** Called when the scenario has finished or could not be run to completion. */
  ended(): void;
}

/** Shows a run's progress: a frame on a terminal, or nothing. */
export interface Display extends Disposable {
  /** Shows a step in the run itself, such as starting the lab. */
  step(text: string): void;
  plan(plan: Plan): void;
  begin(scenario: Announced): ScenarioWatcher;
  /** Called when a scenario has been judged. `checks` are its checks' verdicts. */
  judged(checks: readonly Verdict[]): void;
  /** Shows an important message immediately. */
  note(text: string): void;
  /** Removes the frame from the terminal, so that other output can be written. */
  clear(): void;
}
