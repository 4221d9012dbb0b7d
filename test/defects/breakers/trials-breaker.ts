import type { BreakerState, BreakerTransition } from '../../../service/protections/circuit-breaker.ts';
import { PlainBreaker } from '../plain-breaker.ts';

/**
 * A correct breaker that allows several trials, like the one in gobreaker. It closes if enough of them succeed, and
 * reopens as soon as too many have failed. It uses the numbers from test/defects/breakers/trials.ts.
 */
export class TrialsBreaker extends PlainBreaker {
  protected readonly most: number = 3;
  protected readonly toClose: number = 2;
  #begun = 0;
  #succeeded = 0;
  #failed = 0;

  /** The number of trials that have ended. */
  protected get ended(): number {
    return this.#succeeded + this.#failed;
  }

  override call<T>(upstreamCall: () => Promise<T>): Promise<T> {
    return super.call(() => {
      if (this.state === 'half_open') this.#begun += 1;
      return upstreamCall();
    });
  }

  protected override admits(): boolean {
    return this.state === 'closed' || (this.state === 'half_open' && this.#begun < this.most);
  }

  protected override succeeded(began: BreakerState): void {
    this.failures = 0;
    if (began !== 'half_open') return;
    this.#succeeded += 1;
    this.decide();
  }

  protected override passedOver(began: BreakerState): void {
    if (began === 'half_open') this.#begun -= 1;
  }

  protected override failed(began: BreakerState): void {
    if (began === 'half_open') {
      this.#failed += 1;
      this.decide();
    } else super.failed(began);
  }

  /** Closes or reopens if the trials so far decide it. */
  protected decide(): void {
    if (this.#succeeded >= this.toClose) this.enter('closed');
    else if (this.#failed > this.most - this.toClose) this.#open();
  }

  #open(): void {
    this.openedAt = Date.now();
    this.enter('open');
  }

  protected override enter(to: BreakerTransition['to']): void {
    this.#begun = 0;
    this.#succeeded = 0;
    this.#failed = 0;
    super.enter(to);
  }
}

/** Both of two trials must succeed. */
export class TwoTrialsBreaker extends TrialsBreaker {
  protected override readonly most: number = 2;
}

/** Decides only when all ten trials have ended, like the breaker in resilience4j. Six must succeed. */
export class PatientBreaker extends TrialsBreaker {
  protected override readonly most: number = 10;
  protected override readonly toClose: number = 6;

  protected override decide(): void {
    if (this.ended === this.most) super.decide();
  }
}
