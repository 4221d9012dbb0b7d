import { now, pause } from '../base/clock.ts';

/** The minimum idle share of the processors for another scenario to start, and how long it is measured. */
const [LEAST_IDLE, IDLE_MS] = [0.05, 400];

/**
 * The idle share for more scenarios than usual, and for how long it is measured since the last one started: a scenario
 * needs most processor time when it starts the service and the engine.
 */
const [SPARE, SPARE_MS] = [0.25, 800];

/** The idle share for scenarios that start together, so that they disturb each other equally. */
export const QUIET = 0.45;

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
  #door: Promise<unknown> = Promise.resolve();

  constructor(machine: Machine) {
    this.#machine = { memory: () => process.availableMemory(), now, wait: () => pause(EVERY_MS), ...machine };
  }

  /**
   * Runs an action as soon as nothing else runs here, or there is processor time for it.
   *
   * @param usual How many may run if processors are hardly idle. If as many run already, a quarter of the processor
   * time must be idle.
   * @param least The idle share for those, from 0 to 1. Defaults to hardly any.
   */
  async run<Result>(usual: number, act: () => Promise<Result>, least = LEAST_IDLE): Promise<Result> {
    // Start one at a time, because each scenario leaves less idle time for the next one.
    const inside = this.#door.then(async () => {
      while (!this.#has(usual, least)) await this.#machine.wait();
      this.#running += 1;
      this.#lastStart = this.#machine.now();
    });
    this.#door = inside;
    await inside;
    try {
      return await act();
    } finally {
      this.#running -= 1;
    }
  }

  #has(usual: number, least: number): boolean {
    const { idleShare, memory, now } = this.#machine;
    if (this.#running === 0) return true;
    if (this.#running < usual) return idleShare(IDLE_MS) >= least;
    return now() - this.#lastStart >= SPARE_MS && idleShare(SPARE_MS) >= SPARE && memory() >= SPARE_BYTES;
  }
}
