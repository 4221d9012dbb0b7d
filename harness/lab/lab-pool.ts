import type { Lab } from './lab.ts';

/** Labs that are used by one scenario at a time. */
export class LabPool {
  readonly #free: Lab[];
  readonly #add: () => Promise<Lab>;
  readonly #waiting: ((lab: Lab) => void)[] = [];
  #addable: number;

  /**
   * @param labs At least one lab.
   * @param addable How many more labs may be started if all others are in use.
   * @param add Starts another lab.
   */
  constructor(labs: readonly Lab[], addable: number, add: () => Promise<Lab>) {
    this.#free = [...labs];
    this.#addable = addable;
    this.#add = add;
  }

  /** Runs an action with a lab as soon as there is one that nothing else uses. */
  async use<Result>(act: (lab: Lab) => Promise<Result>): Promise<Result> {
    const lab = await this.#take();
    try {
      return await act(lab);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lab);
      else this.#free.unshift(lab);
    }
  }

  async #take(): Promise<Lab> {
    const free = this.#free.shift();
    if (free) return free;
    if (this.#addable > 0) {
      this.#addable -= 1;
      const added = await this.#add().catch(() => undefined);
      if (added) return added;
      // Without more labs, scenarios only take longer.
      this.#addable = 0;
    }
    return this.#free.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }
}
