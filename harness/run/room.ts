import { now, pause } from '../base/clock.ts';

/** For how long the idle share of the processors is measured, in milliseconds. */
const IDLE_MS = 400;

/** What scenarios of a kind need to start, if fewer than usual are running. */
export interface Needs {
  /** The idle share of the processors' time, from 0 to 1. */
  readonly idle: number;
  /** How many milliseconds the first one waits for it after scenarios of other kinds have ended. */
  readonly patienceMs: number;
}

const USUAL: Needs = { idle: 0.05, patienceMs: 0 };

/** For scenarios that start together, so that they disturb each other equally. */
export const QUIET: Needs = { idle: 0.45, patienceMs: 800 };

/** The idle share for more scenarios than usual. */
const SPARE = 0.125;

/** How many bytes of memory must be available for them. A lab, its service and its engine need about 0.5 GB. */
const SPARE_BYTES = 1.5e9;

/** How often to look again, in milliseconds. */
const EVERY_MS = 100;

/** Reads the state of the machine, and waits. Tests pass their own. */
export interface Machine {
  /** Returns the idle share of the processors' time in the last milliseconds, from 0 to 1. */
  readonly idleShare: (ms: number) => number;
  /** Returns how many bytes of memory are available. */
  readonly memory?: () => number;
  readonly now?: () => number;
  readonly wait?: () => Promise<void>;
}

/**
 * Limits concurrent scenarios to the available processor time. Scenarios that compete for processors with each other,
 * and with everything else on a busy machine, measure mostly this.
 */
export class Room {
  readonly #machine: Required<Machine>;
  #running = 0;
  #lastStart = Number.NEGATIVE_INFINITY;
  #lastEnd = Number.NEGATIVE_INFINITY;
  /** The idle share when the last one started. */
  #idleBefore = 0;
  #door: Promise<unknown> = Promise.resolve();

  constructor(machine: Machine) {
    this.#machine = { memory: () => process.availableMemory(), now, wait: () => pause(EVERY_MS), ...machine };
  }

  /**
   * Runs an action as soon as nothing else runs here, or there is processor time for it.
   *
   * @param usual How many may run if the processors are as idle as `needs` says. If as many run already, one after the
   * other starts, while an eighth of the processor time is idle.
   */
  async run<Result>(usual: number, act: () => Promise<Result>, needs = USUAL): Promise<Result> {
    // Start one at a time, because each scenario leaves less idle time for the next one.
    const inside = this.#door.then(async () => {
      while (!this.#has(usual, needs)) await this.#machine.wait();
      this.#running += 1;
      this.#idleBefore = this.#idle();
      this.#lastStart = this.#machine.now();
    });
    this.#door = inside;
    await inside;
    try {
      return await act();
    } finally {
      this.#running -= 1;
      this.#lastEnd = this.#machine.now();
    }
  }

  #has(usual: number, { idle, patienceMs }: Needs): boolean {
    const { memory, now } = this.#machine;
    if (this.#running === 0 && now() - this.#lastEnd >= patienceMs) return true;
    if (this.#running < usual) return this.#idle() >= idle;
    return now() - this.#lastStart >= IDLE_MS && this.#idle() >= SPARE && memory() >= SPARE_BYTES;
  }

  /** Returns the idle share, which is not yet affected by those that have just started. */
  #idle(): number {
    const { idleShare, now } = this.#machine;
    return now() - this.#lastStart < IDLE_MS ? this.#idleBefore : idleShare(IDLE_MS);
  }
}
