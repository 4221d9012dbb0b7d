const PLACES = {
  iterationsCompleted: 0,
  iterationsInterrupted: 1,
  iterationsLate: 2,
  vusActive: 3,
  vusInitialized: 4,
} as const;

type Name = keyof typeof PLACES;

/** A run's counters, stored in memory that its threads share. */
export class Counts {
  readonly memory: SharedArrayBuffer;
  readonly #values: Int32Array;

  /** @param memory The memory of another thread's counters, if they should be shared. */
  constructor(memory = new SharedArrayBuffer(Object.keys(PLACES).length * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#values = new Int32Array(memory);
  }

  get(name: Name): number {
    return Atomics.load(this.#values, PLACES[name]);
  }

  add(name: Name, change: number): void {
    Atomics.add(this.#values, PLACES[name], change);
  }
}
