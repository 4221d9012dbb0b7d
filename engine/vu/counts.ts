const NAMES = [
  'iterationsCompleted',
  'iterationsInterrupted',
  'iterationsLate',
  'vusActive',
  'vusInitialized',
] as const;

type Name = (typeof NAMES)[number];

/** A run's counters, stored in memory that its threads share. */
export class Counts {
  readonly memory: SharedArrayBuffer;
  readonly #values: Int32Array;

  /** @param memory The memory of another thread's counters, if they should be shared. */
  constructor(memory = new SharedArrayBuffer(NAMES.length * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#values = new Int32Array(memory);
  }

  get(name: Name): number {
    return Atomics.load(this.#values, NAMES.indexOf(name));
  }

  add(name: Name, change: number): void {
    Atomics.add(this.#values, NAMES.indexOf(name), change);
  }
}
