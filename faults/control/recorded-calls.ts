/** A call to the control API in a plan. */
export interface PlannedCall {
  /** Milliseconds since the fakes were started or last reset. */
  readonly atMilliseconds: number;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** The added fault's ID. */
  readonly id?: string;
}

const KEPT = 10_000;

/** Records the first 10,000 calls to the control API with their times, so that they can be replayed. */
export class RecordedCalls {
  #calls: PlannedCall[] = [];
  #dropped = 0;
  #began = performance.now();

  /** Records a call that has just succeeded, together with its result. */
  note(method: string, path: string, body: unknown, answer: unknown): void {
    if (this.#calls.length === KEPT) {
      this.#dropped++;
      return;
    }
    const atMilliseconds = Math.round((performance.now() - this.#began) * 1000) / 1000;
    const id = method === 'POST' ? (answer as { id?: string } | undefined)?.id : undefined;
    this.#calls.push({
      atMilliseconds,
      method,
      path,
      ...(body === undefined ? {} : { body }),
      ...(id === undefined ? {} : { id }),
    });
  }

  /** Returns the calls in order, and the number of calls that were not recorded. */
  tell(): { calls: readonly PlannedCall[]; dropped: number } {
    return { calls: [...this.#calls], dropped: this.#dropped };
  }

  /** Deletes all recorded calls and restarts the clock. */
  reset(): void {
    this.#calls = [];
    this.#dropped = 0;
    this.#began = performance.now();
  }
}
