import type { Alarm } from './alarm.ts';

/** A VU that runs iterations of one scenario. */
export interface Worker {
  /**
   * Runs one iteration to its end. Never throws: errors of the script are handled inside.
   *
   * @param onEnd Called once, and never before this method returns.
   * @param due The scheduled start, on the clock of performance.now(); omitted without a schedule.
   */
  iterate(onEnd: () => void, due?: number): void;
  /** Interrupts the running iteration, if any. */
  interrupt(): void;
  /** Sets the latest time at which iterations will be interrupted, on the clock of performance.now(). */
  endBy(time: number): void;
}

/** The facilities that an executor uses. */
export interface Stage {
  /** Aborted when the whole test has to end. */
  readonly signal: AbortSignal;
  /** Takes VUs that were created in advance. */
  take(count: number): Worker[];
  /** Creates an unplanned VU. Resolves to null if its init stage failed; the log has the error. */
  grow(): Promise<Worker | null>;
  give(worker: Worker): void;
  /** Creates the alarm for an executor that starts iterations on a schedule. */
  alarm(): Promise<Alarm>;
  /** Counts iterations that should have started but did not. */
  drop(count: number): void;
  /** Logs that all VUs are busy and no more may be created. */
  warnOfShortage(vus: number): void;
  /** Sets the function that gives scripts the scenario's progress, from 0 to 1. */
  progress(of: () => number): void;
}
