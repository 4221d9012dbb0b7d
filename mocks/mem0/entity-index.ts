import { entitiesOf, type Memory } from './memory.ts';

const MEMORIES_PER_ENTITY = 200;
const ENTITIES = 10_000;

/**
 * Memories by ID and by entity. Only the last 200 memories of an entity (a user, an agent …) and the 10,000 entities
 * with the latest additions are kept. A memory is removed once none of its entities has it any more.
 */
export class EntityIndex {
  readonly #byEntity = new Map<string, Map<string, Memory>>();
  readonly #byId = new Map<string, Memory>();
  readonly #holders = new Map<string, number>();

  /** All entities in the format of `entitiesOf`, sorted by their latest addition, oldest first. */
  get entities(): Iterable<string> {
    return this.#byEntity.keys();
  }

  get(id: string): Memory | undefined {
    return this.#byId.get(id);
  }

  /** Returns an entity's memories, or all memories, oldest first. */
  memories(entity?: string): Memory[] {
    return [...((entity === undefined ? this.#byId : this.#byEntity.get(entity))?.values() ?? [])];
  }

  add(memory: Memory): void {
    const entities = entitiesOf(memory.entityIds);
    this.#byId.set(memory.id, memory);
    this.#holders.set(memory.id, entities.length);
    for (const entity of entities) this.#hold(entity, memory);
  }

  remove(memory: Memory): void {
    for (const entity of entitiesOf(memory.entityIds)) {
      const held = this.#byEntity.get(entity);
      held?.delete(memory.id);
      if (held?.size === 0) this.#byEntity.delete(entity);
    }
    this.#byId.delete(memory.id);
    this.#holders.delete(memory.id);
  }

  #hold(entity: string, memory: Memory): void {
    const held = this.#byEntity.get(entity) ?? new Map<string, Memory>();
    held.set(memory.id, memory);
    // Reinsert it, so that the map stays in order of use.
    this.#byEntity.delete(entity);
    this.#byEntity.set(entity, held);

    const [oldestHeld] = held.keys();
    if (held.size > MEMORIES_PER_ENTITY && oldestHeld !== undefined) {
      held.delete(oldestHeld);
      this.#release(oldestHeld);
    }
    const [oldest] = this.#byEntity;
    if (this.#byEntity.size > ENTITIES && oldest) {
      this.#byEntity.delete(oldest[0]);
      for (const id of oldest[1].keys()) this.#release(id);
    }
  }

  #release(id: string): void {
    const holders = (this.#holders.get(id) ?? 0) - 1;
    if (holders > 0) {
      this.#holders.set(id, holders);
      return;
    }
    this.#holders.delete(id);
    this.#byId.delete(id);
  }
}
