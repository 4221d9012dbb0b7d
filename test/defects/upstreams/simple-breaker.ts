/** A breaker that opens after consecutive failures, for services with defects in other parts. */
export class SimpleBreaker {
  readonly #threshold: number;
  readonly #recoveryMs: number;
  readonly #reopenedMs: number;
  #state: 'closed' | 'open' | 'half-open' = 'closed';
  #failures = 0;
  /** When the next trial is allowed, in milliseconds since the epoch. */
  openUntil = 0;
  #isTrying = false;

  /** @param reopenedMs How long it is open after a failed trial. Any other time than `recoveryMs` is a defect. */
  constructor(threshold: number, recoveryMs: number, reopenedMs = recoveryMs) {
    this.#threshold = threshold;
    this.#recoveryMs = recoveryMs;
    this.#reopenedMs = reopenedMs;
  }

  /** Whether a call may be made now. */
  admits(): boolean {
    if (this.#state === 'open' && Date.now() >= this.openUntil) {
      this.#state = 'half-open';
      this.#isTrying = false;
    }
    return this.#state === 'closed' || (this.#state === 'half-open' && !this.#isTrying);
  }

  /** Begins a call, which is the trial if the breaker is half-open. */
  begin(): void {
    this.#isTrying = this.#state === 'half-open';
  }

  succeed(): void {
    this.#failures = 0;
    this.#state = 'closed';
  }

  fail(): void {
    this.#failures += 1;
    if (this.#state === 'closed' && this.#failures < this.#threshold) return;
    this.openUntil = Date.now() + (this.#state === 'half-open' ? this.#reopenedMs : this.#recoveryMs);
    this.#state = 'open';
  }

  /** Ignores a call that says nothing about the upstream. */
  forget(): void {
    this.#isTrying = false;
  }
}
