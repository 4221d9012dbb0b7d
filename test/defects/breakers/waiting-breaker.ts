import { setTimeout as pause } from 'node:timers/promises';
import { PlainBreaker } from '../plain-breaker.ts';

/** A correct breaker whose callers wait for the result of a trial, like the one in cockatiel. */
export class WaitingBreaker extends PlainBreaker {
  #trial: Promise<unknown> = Promise.resolve();

  override async call<T>(upstreamCall: () => Promise<T>): Promise<T> {
    if (this.trialUnderWay) {
      await this.#trial;
      return this.afterTrial(upstreamCall);
    }
    const made = super.call(upstreamCall);
    if (this.trialUnderWay) this.#trial = made.catch(() => {});
    return made;
  }

  /** Makes a call that has waited for a trial. */
  protected afterTrial<T>(upstreamCall: () => Promise<T>): Promise<T> {
    return this.call(upstreamCall);
  }
}

/** Its callers are refused after a good trial as well. */
export class RefusingBreaker extends WaitingBreaker {
  protected override afterTrial<T>(_: () => Promise<T>): Promise<T> {
    return Promise.reject(this.refuse());
  }
}

/** Its callers learn of a bad trial late, but before the next trial is due. */
export class SlowBreaker extends WaitingBreaker {
  protected override async afterTrial<T>(upstreamCall: () => Promise<T>): Promise<T> {
    if (this.state === 'open') await pause(1_000);
    return super.afterTrial(upstreamCall);
  }
}
