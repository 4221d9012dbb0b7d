import type { Facts } from '../checkers/lib/checker.ts';
import type { Point } from '../history/before-phase.ts';
import type { History } from '../history/history.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import type { Mutation } from '../wire/mutated-wire.ts';

/** The mutants of one run of a scenario, and callbacks for its record. */
export interface MutatedRun extends Mutation {
  /** How long it probably takes. Defaults to the time of the whole scenario. */
  readonly seconds?: number;
  /**
   * Whether its checks depend on how long something takes. Such runs start first, because later ones keep the
   * processors busy.
   */
  readonly isTimed?: boolean;
  /** How many such runs may be concurrent, if these are fewer than the scenario allows. */
  readonly atOnce?: number | undefined;
  /**
   * Returns whether the script can end early, because it has shown enough until a point. Defaults to the whole script.
   *
   * @param read Returns the record so far.
   */
  isEnough?(point: Point, read: () => Promise<Recorded>): Promise<boolean>;
  /** Called when the scenario has been judged. */
  judged(result: ScenarioResult, recorded: Recorded): void | Promise<void>;
}

/** The record of a scenario, and the facts by which it is judged. */
export interface Recorded {
  readonly history: History;
  readonly facts: Facts;
}
