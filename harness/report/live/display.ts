import type { HistoryEvent, RequestSample } from '../../history/events.ts';
import type { Verdict } from '../../verdict/finding.ts';

/** The scenarios of a run. */
export interface Plan {
  /** In the order in which they start; those that must run alone come last. */
  readonly scenarios: readonly { readonly name: string; readonly seconds: number; readonly alone: boolean }[];
  /** How many scenarios run at once. */
  readonly width: number;
}

/** A scenario that is about to run. */
export interface Announced {
  scenario: string;
  /** Expected duration, if known. */
  expectedSeconds?: number;
  /** The most connections that the service's pool may have, if known. */
  ceiling?: number;
  breakers: readonly string[];
}

/** Follows one scenario while it runs. */
export interface ScenarioWatcher {
  /** Gets each event of the scenario's history, except requests. */
  see(event: HistoryEvent): void;
  /** Gets each request shortly after it was made, read from the engine's samples. */
  request(sample: RequestSample): void;
  /** The scenario is over, or could not be run to its end. */
  ended(): void;
}

/** Shows the progress of a run while it lasts: a frame on a terminal, or nothing. */
export interface Display extends Disposable {
  /** A step of the run itself, such as bringing the lab up. */
  step(text: string): void;
  plan(plan: Plan): void;
  begin(scenario: Announced): ScenarioWatcher;
  /** A scenario was judged; `checks` are the verdicts of its checks. */
  judged(checks: readonly Verdict[]): void;
  /** A message that must be seen at once. */
  note(text: string): void;
  /** Removes the frame from the terminal so that something else can be written. */
  clear(): void;
}
