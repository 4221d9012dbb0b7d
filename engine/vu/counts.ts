/** A run's counters. */
export const RUN_COUNTS = [
  'iterationsCompleted',
  'iterationsInterrupted',
  'iterationsLate',
  'vusActive',
  'vusInitialized',
  /** How many threads have aborted the test. */
  'aborts',
] as const;

/** Of a scenario: its VUs, iterations in progress and ended, threads that ended it, and when (in ms) the last did. */
const SCENARIO_COUNTS = ['vus', 'running', 'done', 'ended', 'endedAt'] as const;

export type RunCounts = Counts<(typeof RUN_COUNTS)[number]>;
export type ScenarioCounts = Counts<(typeof SCENARIO_COUNTS)[number]>;

/** Counters in memory that threads share. */
export class Counts<Name extends string> {
  readonly memory: SharedArrayBuffer;
  readonly #places: ReadonlyMap<string, number>;
  readonly #values: Int32Array;

  /** @param memory The memory of another thread's counters, if they should be shared. */
  constructor(names: readonly Name[], memory = new SharedArrayBuffer(names.length * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#places = new Map(names.map((name, place) => [name, place]));
    this.#values = new Int32Array(memory);
  }

  get(name: Name): number {
    return Atomics.load(this.#values, this.#place(name));
  }

  add(name: Name, change: number): void {
    Atomics.add(this.#values, this.#place(name), change);
  }

  set(name: Name, value: number): void {
    Atomics.store(this.#values, this.#place(name), value);
  }

  #place(name: Name): number {
    return this.#places.get(name) as number;
  }
}

/** Creates the counters of scenarios, by name. `memories` are those of another thread's counters. */
export const countScenarios = (
  names: readonly string[],
  memories: ReadonlyMap<string, SharedArrayBuffer> = new Map(),
): ReadonlyMap<string, ScenarioCounts> =>
  new Map(names.map((name) => [name, new Counts(SCENARIO_COUNTS, memories.get(name))]));
