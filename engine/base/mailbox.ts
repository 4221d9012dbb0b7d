/** A queue that holds events until the VU reads them. */
export class Mailbox<T extends object> {
  #items: T[] = [];
  #wake: ((item: T | null) => void) | null = null;
  #isClosed = false;

  /** Adds an item. Has no effect after `close()`. */
  post(item: T): void {
    if (this.#isClosed) return;
    if (!this.#give(item)) this.#items.push(item);
  }

  /** Waits for the next item, or null if the mailbox is closed and empty. Only one call may be pending. */
  next(): Promise<T | null> {
    const item = this.#items.shift();
    if (item || this.#isClosed) return Promise.resolve(item ?? null);
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Stops accepting items. Queued items can still be read. */
  close(): void {
    this.#isClosed = true;
    this.#give(null);
  }

  /** Drops all queued items. */
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
