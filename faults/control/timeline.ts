/** A call of the control API as a plan keeps it. */
export interface PlannedCall {
  /** When, in milliseconds since the start of the fakes or their last reset. */
  readonly atMilliseconds: number;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** The id of the fault that it added. */
  readonly id?: string;
}

const KEPT = 10_000;

/** What was asked of the control API and when, so that it can be asked again. The first 10 000 calls are kept. */
export class Timeline {
  #calls: PlannedCall[] = [];
  #dropped = 0;
  #began = performance.now();

  /** Notes a call that was carried out just now, and what it answered. */
  note(method: string, path: string, body: unknown, answer: unknown): void {
    if (this.#calls.length === KEPT) {
      this.#dropped++;
      return;
    }
    const atMilliseconds = Math.round((performance.now() - this.#began) * 1000) / 1000;
    const id = method === 'POST' ? (answer as { id?: string } | undefined)?.id : undefined;
    this.#calls.push({
      ...{ atMilliseconds, method, path },
      ...(body === undefined ? {} : { body }),
      ...(id === undefined ? {} : { id }),
    });
  }

  /** The calls in their order, and how many are missing at the end. */
  tell(): { calls: readonly PlannedCall[]; dropped: number } {
    return { calls: [...this.#calls], dropped: this.#dropped };
  }

  /** Forgets everything, and begins to count the time now. */
  reset(): void {
    this.#calls = [];
    this.#dropped = 0;
    this.#began = performance.now();
  }
}
