/**
 * A leaky bucket, as Groq implements its limits: usage drains evenly, `limit` per window, rather than all at once at
 * the end of a window. This follows from Groq's responses: with 6,000 tokens per minute, 5,034 used and 1,443 requested
 * it says "try again in 4.77s", and after the first of 14,400 requests per day `x-ratelimit-reset-requests: 6s`.
 *
 * It is exact for limits up to 100 million per day, because it counts units times milliseconds, which are whole
 * numbers.
 */
export class LeakyBucket {
  readonly limit: number;
  readonly #windowMs: number;
  #level = 0;
  #at = Number.NEGATIVE_INFINITY;

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.#windowMs = windowMs;
  }

  /** Returns the milliseconds from `now` until `amount` fits, or 0 if it fits now. */
  waitMs(amount: number, now: number): number {
    return Math.max(0, this.#levelAt(now) + (amount - this.limit) * this.#windowMs) / this.limit;
  }

  /** Takes an amount, whether it fits or not. */
  take(amount: number, now: number): void {
    this.#level = this.#levelAt(now) + amount * this.#windowMs;
    this.#at = now;
  }

  /** Returns the amount that has been taken and has not drained yet. */
  used(now: number): number {
    return this.#levelAt(now) / this.#windowMs;
  }

  /** Returns the amount that still fits, in whole units. */
  remaining(now: number): number {
    return Math.max(0, Math.floor(this.limit - this.used(now)));
  }

  /** Returns the milliseconds until the bucket is empty. */
  resetMs(now: number): number {
    return this.#levelAt(now) / this.limit;
  }

  #levelAt(now: number): number {
    if (this.#level === 0) return 0;
    return Math.max(0, this.#level - Math.max(0, now - this.#at) * this.limit);
  }
}
