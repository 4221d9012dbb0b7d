import { pause } from '../base/clock.ts';

/** The idle share of the processors from which on another scenario may start. */
const LEAST_IDLE = 0.05;

/** How often to look again, in milliseconds. */
const EVERY_MS = 100;

/**
 * Lets several scenarios run at once only as far as the machine has processor time for them. Scenarios that compete
 * for processors with each other, and with everything else on a busy machine, measure mostly this.
 */
export class Room {
  readonly #idleShare: () => number;
  readonly #wait: () => Promise<void>;
  #running = 0;
  #door: Promise<unknown> = Promise.resolve();

  /** @param idleShare Returns which share of the processors' time nobody uses, from 0 to 1. */
  constructor(idleShare: () => number, wait = () => pause(EVERY_MS)) {
    this.#idleShare = idleShare;
    this.#wait = wait;
  }

  /** Runs an action as soon as nothing else runs here, or processors are idle. */
  async run<Result>(act: () => Promise<Result>): Promise<Result> {
    // One at a time, because each one that starts leaves less for the next one.
    const inside = this.#door.then(async () => {
      while (this.#running > 0 && this.#idleShare() < LEAST_IDLE) await this.#wait();
      this.#running += 1;
    });
    this.#door = inside;
    await inside;
    try {
      return await act();
    } finally {
      this.#running -= 1;
    }
  }
}
