import type { Clock } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';

/** The time that one request may spend on upstream calls, all together. Starts when it is made. */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #endsAt: number;

  /** @param totalMs milliseconds from now */
  constructor(totalMs: number, clock: Clock) {
    this.#clock = clock;
    this.#endsAt = clock.now() + totalMs;
  }

  /**
   * The deadline of a call that may take `callMs`: less where less is left.
   * @throws ServiceError `budget_exhausted` where less than half of it is left: to fail the call then would blame the
   * upstream for the time that others took
   */
  deadlineMs(callMs: number): number {
    const leftMs = this.#endsAt - this.#clock.now();
    if (leftMs >= callMs) return callMs;
    if (leftMs >= callMs / 2) return leftMs;
    throw new ServiceError('budget_exhausted', 'The time for this request was used up before all calls were made.');
  }
}
