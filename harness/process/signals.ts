import { atMostFor } from '../base/clock.ts';

/** Named signals between a script's VUs, which share no memory. Once set, a signal stays set. */
export class Signals {
  readonly #given = new Map<string, PromiseWithResolvers<void>>();

  give(name: string): void {
    this.#of(name).resolve();
  }

  /** Waits for a signal. Returns whether it was set within `limitMs` milliseconds. */
  async wait(name: string, limitMs: number): Promise<boolean> {
    return atMostFor(limitMs, this.#of(name).promise);
  }

  #of(name: string): PromiseWithResolvers<void> {
    const found = this.#given.get(name) ?? Promise.withResolvers<void>();
    this.#given.set(name, found);
    return found;
  }
}
