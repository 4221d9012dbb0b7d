import { EventLog } from './event-log.ts';
import { MemoryStore } from './memory-store.ts';
import type { Mem0Settings } from './settings.ts';

/** The settings and memories of a Mem0 fake. All of its handlers share one instance. */
export class Mem0State {
  readonly now: () => number;
  readonly #initial: Mem0Settings;
  #settings: Mem0Settings;
  #failuresLeft: number;
  #store: MemoryStore;
  #events: EventLog;

  constructor({ now, settings }: { now: () => number; settings: Mem0Settings }) {
    this.now = now;
    this.#initial = settings;
    this.#settings = settings;
    this.#failuresLeft = settings.failNextEvents;
    this.#store = new MemoryStore(now);
    this.#events = new EventLog(now);
  }

  get settings(): Mem0Settings {
    return this.#settings;
  }

  get store(): MemoryStore {
    return this.#store;
  }

  get events(): EventLog {
    return this.#events;
  }

  /** Whether the next event has to fail. */
  nextEventFails(): boolean {
    if (this.#failuresLeft === 0) return false;
    this.#failuresLeft--;
    return true;
  }

  /** Replaces all settings for later additions. Memories are kept. */
  configure(settings: Mem0Settings): void {
    this.#settings = settings;
    this.#failuresLeft = settings.failNextEvents;
  }

  /** Restores the initial settings and deletes all memories. */
  reset(): void {
    this.configure(this.#initial);
    this.#store = new MemoryStore(this.now);
    this.#events = new EventLog(this.now);
  }
}
