/** The hits of a client or a network in a window that ends at `endsAt`. */
export interface Window {
  hits: number;
  readonly endsAt: number;
}

/**
 * Maximum number of ended windows to delete per new window. It takes microseconds, and is more than one, so the table
 * shrinks.
 */
const FORGOTTEN_AT_ONCE = 64;

/** At most `max` windows of one length, in the order of their ends. Ended windows are therefore at the front. */
export class WindowTable {
  readonly #windows = new Map<string, Window>();
  readonly #windowMs: number;
  readonly #max: number;

  constructor(windowMs: number, max: number) {
    this.#windowMs = windowMs;
    this.#max = max;
  }

  /** Returns the window of the key, unless it has ended. */
  get(key: string, now: number): Window | undefined {
    const window = this.#windows.get(key);
    return window && window.endsAt > now ? window : undefined;
  }

  /** Starts a window for a key that has none. Returns undefined if there is no room. */
  open(key: string, now: number): Window | undefined {
    this.#windows.delete(key);
    this.#forgetEnded(now);
    if (this.#windows.size >= this.#max) return undefined;
    const window = { hits: 0, endsAt: now + this.#windowMs };
    this.#windows.set(key, window);
    return window;
  }

  delete(key: string): void {
    this.#windows.delete(key);
  }

  #forgetEnded(now: number): void {
    let left = FORGOTTEN_AT_ONCE;
    for (const [key, { endsAt }] of this.#windows) {
      if (endsAt > now || left === 0) return;
      this.#windows.delete(key);
      left -= 1;
    }
  }
}
