import { randomUUID } from 'node:crypto';
import { EntityIndex } from './entity-index.ts';
import type { EntityIds, Memory, MemoryContent, Message, Revision } from './memory.ts';

/** A memory to store. */
export interface Addition extends MemoryContent {
  readonly entityIds: EntityIds;
  readonly input: readonly Message[];
}

/** A selection of memories. `matches` decides which memories are selected, and `entity` narrows the search. */
export interface Selection {
  readonly entity?: string | undefined;
  matches(memory: Memory): boolean;
}

const REVISIONS_PER_MEMORY = 100;
const DELETED_MEMORIES = 1000;

/** All memories in the `EntityIndex`, and the last 1,000 deleted ones with their history. */
export class MemoryStore {
  readonly #index = new EntityIndex();
  readonly #deleted = new Map<string, Memory>();
  readonly #now: () => number;

  /** `now` is the clock in milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Stores a memory, which can be found after `delayMs`. */
  add(addition: Addition, delayMs: number): Memory {
    const visibleAt = this.#now() + delayMs;
    const at = new Date(visibleAt).toISOString();
    const memory: Memory = {
      ...addition,
      id: randomUUID(),
      categories: [],
      created_at: at,
      updated_at: at,
      visibleAt,
      revisions: [],
    };
    revise(memory, { event: 'ADD', old: null, new: memory.memory, at });
    this.#index.add(memory);
    return memory;
  }

  /** Returns a memory if it can be found now and has not been deleted. */
  get(id: string): Memory | undefined {
    const memory = this.#index.get(id);
    return memory && memory.visibleAt <= this.#now() ? memory : undefined;
  }

  /** Like `get`, but also returns recently deleted memories. */
  getWithHistory(id: string): Memory | undefined {
    return this.get(id) ?? this.#deleted.get(id);
  }

  /** Returns the selected memories that can be found now, oldest first. */
  select({ entity, matches }: Selection): Memory[] {
    const now = this.#now();
    return this.#index.memories(entity).filter((memory) => memory.visibleAt <= now && matches(memory));
  }

  /**
   * Returns all entities with memories that can be found now, together with those memories. The entities are in the
   * format of `entitiesOf`.
   */
  entities(): { entity: string; memories: Memory[] }[] {
    const all = [...this.#index.entities].map((entity) => ({
      entity,
      memories: this.select({ entity, matches: () => true }),
    }));
    return all.filter(({ memories }) => memories.length > 0);
  }

  update(memory: Memory, changes: Partial<MemoryContent>): void {
    const old = memory.memory;
    memory.updated_at = new Date(this.#now()).toISOString();
    Object.assign(memory, changes);
    revise(memory, { event: 'UPDATE', old, new: memory.memory, at: memory.updated_at });
  }

  delete(memory: Memory): void {
    this.#index.remove(memory);
    revise(memory, { event: 'DELETE', old: memory.memory, new: null, at: new Date(this.#now()).toISOString() });
    this.#deleted.set(memory.id, memory);
    const [oldest] = this.#deleted.keys();
    if (this.#deleted.size > DELETED_MEMORIES && oldest !== undefined) this.#deleted.delete(oldest);
  }
}

function revise({ revisions }: Memory, revision: Omit<Revision, 'id'>): void {
  revisions.push({ id: randomUUID(), ...revision });
  if (revisions.length > REVISIONS_PER_MEMORY) revisions.shift();
}
