import type { Alarm } from './alarm.ts';

/** A VU that runs iterations of one scenario. */
export interface Worker {
  /**
   * Runs one iteration. Never throws: script errors are handled inside.
   *
   * @param onEnd Called exactly once, and never before this method returns.
   * @param due The scheduled start on the `performance.now()` clock. Omit it if the executor has no schedule.
   */
  iterate(onEnd: () => void, due?: number): void;
  /** Interrupts the running iteration, if any. */
  interrupt(): void;
  /** Sets the time at which running iterations will be interrupted, on the `performance.now()` clock. */
  endBy(time: number): void;
}

/** The environment in which an executor runs its scenario. `VuAccounts` keeps the VUs. */
export interface Stage {
  /** Aborted when the whole test has to end. */
  readonly signal: AbortSignal;
  /** Takes a VU that was created in advance. */
  take(): Promise<Worker>;
  /** Creates an additional VU. Resolves to null if its init stage failed; the error is in the log. */
  grow(): Promise<Worker | null>;
  give(worker: Worker): void;
  /** Notes that a VU has begun (1) or stopped (-1) executing the script. */
  activate(change: 1 | -1): void;
  /** Creates an alarm for executors that start iterations on a schedule. */
  alarm(): Promise<Alarm>;
  /** Records iterations that were due but did not start. As in k6, none count if the test was aborted. */
  drop(count: number): void;
  /** Logs a warning that all VUs are busy and that no more can be created. */
  warnOfShortage(vus: number): void;
  /** Sets the function that reports the scenario's progress to scripts, from 0 to 1. */
  progress(of: () => number): void;
}
