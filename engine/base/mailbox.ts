/** Keeps what comes in until it is asked for: what a VU that waits is told by what it waits for. */
export class Mailbox<T extends object> {
  #items: T[] = [];
  #wake: ((item: T | null) => void) | null = null;
  #isClosed = false;

  /** What comes in after the end is left out. */
  post(item: T): void {
    if (this.#isClosed) return;
    if (!this.#give(item)) this.#items.push(item);
  }

  /** The next one; null once there is none to come. One at a time. */
  next(): Promise<T | null> {
    const item = this.#items.shift();
    if (item || this.#isClosed) return Promise.resolve(item ?? null);
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Nothing comes in any more; what is there can still be asked for. */
  close(): void {
    this.#isClosed = true;
    this.#give(null);
  }

  /** Leaves out what is there. */
  discard(): void {
    this.#items = [];
  }

  #give(item: T | null): boolean {
    const wake = this.#wake;
    this.#wake = null;
    wake?.(item);
    return wake !== null;
  }
}
