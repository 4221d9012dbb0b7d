import type { Alarm } from './alarm.ts';

/** A VU at work for one scenario. */
export interface Worker {
  /**
   * Runs one iteration to its end. Never throws: what the script does wrong is dealt with.
   *
   * @param onEnd Called once, and never before this returns.
   * @param due When it should have begun, of performance.now(); left out where there is no schedule.
   */
  iterate(onEnd: () => void, due?: number): void;
  /** Ends the running iteration at once, if there is one. */
  interrupt(): void;
  /** Tells when iterations will be interrupted at the latest, of performance.now(). */
  endBy(time: number): void;
}

/** What an executor has to work with. */
export interface Stage {
  /** Aborted when the whole test is to end. */
  readonly signal: AbortSignal;
  /** Takes VUs that were made beforehand. */
  take(count: number): Worker[];
  /** Makes one VU more than was planned; null where its init stage failed, of which the log tells then. */
  grow(): Promise<Worker | null>;
  give(worker: Worker): void;
  /** What wakes an executor up that begins iterations by the clock. */
  alarm(): Promise<Alarm>;
  /** Counts iterations that should have begun and did not. */
  drop(count: number): void;
  /** Says that every VU is busy and that there can be no more. */
  warnOfShortage(vus: number): void;
  /** Tells scripts how far the scenario is, from 0 to 1. */
  progress(of: () => number): void;
}
