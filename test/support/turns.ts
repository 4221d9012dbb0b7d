/** A test file that runs. */
export interface Visit {
  /** Called when it is alone. Absent if it does not wait for that. */
  begin?: (() => void) | undefined;
}

/**
 * Test files run beside each other, but some of their work has to run alone. It begins as soon as every other file has
 * ended, or waits for the same. Nothing is held up for it until then.
 */
export class Turns {
  readonly #inside = new Set<Visit>();
  readonly #outside: (() => void)[] = [];
  #alone: Visit | undefined;

  /** A file wants to begin. Resolves when it may. */
  async enter(): Promise<Visit> {
    while (this.#alone) await new Promise<void>((enter) => this.#outside.push(enter));
    const visit: Visit = {};
    this.#inside.add(visit);
    return visit;
  }

  /** A file has ended. */
  leave(visit: Visit): void {
    this.#inside.delete(visit);
    this.work(visit);
  }

  /** A file does nothing else than to wait until it is alone. `begin` is called when it is. */
  wait(visit: Visit, begin: () => void): void {
    visit.begin = begin;
    this.#next();
  }

  /** A file need not be alone, or not any more. */
  work(visit: Visit): void {
    visit.begin = undefined;
    if (this.#alone === visit) {
      this.#alone = undefined;
      for (const enter of this.#outside.splice(0)) enter();
    }
    this.#next();
  }

  #next(): void {
    const [first, ...others] = this.#inside;
    if (this.#alone || !first?.begin || !others.every(({ begin }) => begin)) return;
    this.#alone = first;
    first.begin();
    first.begin = undefined;
  }
}
