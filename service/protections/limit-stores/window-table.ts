/** The hits of one client, or of one network, in a window that ends at `endsAt` by the service's clock. */
export interface Window {
  hits: number;
  readonly endsAt: number;
}

/** Ended windows that are forgotten at once: a pause of microseconds, and more than one hit begins. */
const FORGOTTEN_AT_ONCE = 64;

/** Windows of one length, at most `max` of them. They stand in the order of their ends, so those that ended are found at the front. */
export class WindowTable {
  readonly #windows = new Map<string, Window>();
  readonly #windowMs: number;
  readonly #max: number;

  constructor(windowMs: number, max: number) {
    this.#windowMs = windowMs;
    this.#max = max;
  }

  /** The key's window, unless it has ended. */
  get(key: string, now: number): Window | undefined {
    const window = this.#windows.get(key);
    return window && window.endsAt > now ? window : undefined;
  }

  /** Begins a window for a key that has none; undefined if there is no room. */
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
