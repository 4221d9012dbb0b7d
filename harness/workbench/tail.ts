/** Keeps the last items in a sequence. Positions start at 1. */
export class Tail<Item> {
  readonly #most: number;
  #items: Item[] = [];
  #last = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The position of the last item, or 0 if there was none. */
  get last(): number {
    return this.#last;
  }

  add(item: Item): void {
    this.#last += 1;
    this.#items.push(item);
    if (this.#items.length >= 2 * this.#most) this.#items = this.#items.slice(-this.#most);
  }

  /** Returns the items after one position and up to another, as far as they are still kept. */
  between(after: number, upTo: number = this.#last): Item[] {
    const first = this.#last - this.#items.length + 1;
    const from = Math.max(after + 1, this.#last - this.#most + 1, first);
    return this.#items.slice(from - first, Math.max(from, upTo + 1) - first);
  }
}
