import type { HistoryEvent, RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';

/** What is known of a scenario before it is run. */
export interface Announced {
  scenario: string;
  /** Its place among those of the run, from 1, and how many there are. */
  index: number;
  count: number;
  /** About how long it takes, where that is known. */
  expectedSeconds?: number;
  /** Connections that the service's pool may have, where it is known. */
  ceiling?: number;
  breakers: readonly string[];
}

/** Whoever watches a scenario while it lasts. */
export interface ScenarioWatcher {
  /** Something that is in the scenario's history from now on; requests come by `request`. */
  see(event: HistoryEvent): void;
  /** A request, read from the engine's samples while it still runs: about as soon as it was made. */
  request(sample: RequestSample): void;
  /** It is over, with these findings; none where it was not run to its end. */
  judged(findings: readonly Finding[]): void;
}

/** Whoever watches a run while it lasts. */
export interface Watcher {
  /** A step of the run itself, such as bringing the lab up. */
  step(text: string): void;
  /** A scenario begins, maybe beside others. */
  begin(scenario: Announced): ScenarioWatcher;
  /** Something that has to be said at once. */
  note(text: string): void;
  /** Takes whatever is shown off the terminal, so that something else can be written. */
  clear(): void;
}

/** Nobody watches. */
export const NOBODY: Watcher = {
  step() {},
  begin: () => ({ see() {}, request() {}, judged() {} }),
  note() {},
  clear() {},
};
