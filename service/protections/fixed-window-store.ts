import type { ClientRateLimitInfo, Store } from 'express-rate-limit';
import type { Clock } from '../clock.ts';

interface Window {
  hits: number;
  endsAt: number;
}

/**
 * Counts hits for each client in a fixed window that starts with the client's first hit (specification R2).
 *
 * express-rate-limit's own MemoryStore is not used: it sweeps with `setInterval`, which overflows for windows above
 * 24.8 days and then forgets every client; and it hands out its live record, so that of two hits at once both may
 * read the count of the second. This one needs no timer and hands out copies.
 */
export class FixedWindowStore implements Store {
  readonly localKeys = true;
  readonly #windows = new Map<string, Window>();
  readonly #windowMs: number;
  readonly #clock: Clock;
  #nextSweepAt: number;

  constructor(windowMs: number, clock: Clock) {
    this.#windowMs = windowMs;
    this.#clock = clock;
    this.#nextSweepAt = clock.now() + windowMs;
  }

  increment(key: string): ClientRateLimitInfo {
    const now = this.#clock.now();
    this.#sweep(now);
    const window = this.#current(key, now) ?? { hits: 0, endsAt: now + this.#windowMs };
    window.hits += 1;
    this.#windows.set(key, window);
    return { totalHits: window.hits, resetTime: new Date(window.endsAt) };
  }

  get(key: string): ClientRateLimitInfo | undefined {
    const window = this.#current(key, this.#clock.now());
    return window && { totalHits: window.hits, resetTime: new Date(window.endsAt) };
  }

  decrement(key: string): void {
    const window = this.#current(key, this.#clock.now());
    if (window && window.hits > 0) window.hits -= 1;
  }

  resetKey(key: string): void {
    this.#windows.delete(key);
  }

  #current(key: string, now: number): Window | undefined {
    const window = this.#windows.get(key);
    return window && window.endsAt > now ? window : undefined;
  }

  /** Once a window's length, so that the clients of long ago don't fill the memory. */
  #sweep(now: number): void {
    if (now < this.#nextSweepAt) return;
    for (const [key, window] of this.#windows) if (window.endsAt <= now) this.#windows.delete(key);
    this.#nextSweepAt = now + this.#windowMs;
  }
}
