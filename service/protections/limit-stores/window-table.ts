/** The hits of a client or network in a window that ends at `endsAt`. */
export interface Window {
  hits: number;
  readonly endsAt: number;
}

/**
 * Maximum number of ended windows to delete per new window. Deleting this many takes microseconds, and deleting more
 * than one makes the table shrink.
 */
const FORGOTTEN_AT_ONCE = 64;

/** Holds up to `max` windows of the same length, sorted by their end. Ended windows are therefore at the front. */
export class WindowTable {
  readonly #windows = new Map<string, Window>();
  readonly #windowMs: number;
  readonly #max: number;

  constructor(windowMs: number, max: number) {
    this.#windowMs = windowMs;
    this.#max = max;
  }

  /** Returns the key's window unless it has ended. */
  get(key: string, now: number): Window | undefined {
    const window = this.#windows.get(key);
    return window && window.endsAt > now ? window : undefined;
  }

  /** Starts a window for a key that has none. Returns undefined if the table is full. */
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
