import type { Clock } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';

/** The total time that a request may spend on upstream calls. It starts when the object is created. */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #endsAt: number;

  /** @param totalMs Milliseconds from now. */
  constructor(totalMs: number, clock: Clock) {
    this.#clock = clock;
    this.#endsAt = clock.now() + totalMs;
  }

  /**
   * Returns the timeout for a call that may take `callMs`, or the remaining time if that is shorter.
   * @throws ServiceError `budget_exhausted` if less than half of `callMs` remains. A timeout would then count against
   * the upstream, although other calls used up the time.
   */
  deadlineMs(callMs: number): number {
    const leftMs = this.#endsAt - this.#clock.now();
    if (leftMs >= callMs) return callMs;
    if (leftMs >= callMs / 2) return leftMs;
    throw new ServiceError(
      'budget_exhausted',
      'The time budget of this request was used up before all upstream calls were made.',
    );
  }
}
