import { randomUUID } from 'node:crypto';

/** Whom a memory belongs to. Mem0 calls these entity ids. */
export const entityIdNames = ['user_id', 'agent_id', 'app_id', 'run_id'] as const;
export type EntityIds = { [name in (typeof entityIdNames)[number]]?: string | undefined };

/** One thing that was remembered; times are ISO 8601. */
export interface Memory {
  readonly id: string;
  readonly memory: string;
  readonly entityIds: EntityIds;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly created_at: string;
  readonly updated_at: string;
}

const MEMORIES_PER_ENTITY = 200;
const ENTITIES = 10_000;

/**
 * Everything that was added. Bounded: the last 200 memories of an entity (a user, an agent …), and the 10 000 entities
 * that were added to last; what is older is forgotten.
 */
export class MemoryStore {
  readonly #byEntity = new Map<string, Memory[]>();
  readonly #now: () => number;

  /** `now` is the clock in epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Remembers a text of at least one entity. */
  add(text: string, entityIds: EntityIds, metadata: Memory['metadata']): void {
    const at = new Date(this.#now()).toISOString();
    const memory = { id: randomUUID(), memory: text, entityIds, metadata, created_at: at, updated_at: at };
    for (const entity of entitiesOf(entityIds)) this.#remember(entity, memory);
  }

  /** The memories that belong to all of these entities, best match of the query first, with a score from 0.3 to 1. */
  search(query: string, wanted: EntityIds): (Memory & { score: number })[] {
    const [first, ...others] = entitiesOf(wanted);
    const words = wordsOf(query);
    return (this.#byEntity.get(first ?? '') ?? [])
      .filter(({ entityIds }) => others.every((entity) => entitiesOf(entityIds).includes(entity)))
      .map((memory) => ({ ...memory, score: score(words, wordsOf(memory.memory)) }))
      .sort((one, other) => other.score - one.score);
  }

  #remember(entity: string, memory: Memory): void {
    const memories = this.#byEntity.get(entity) ?? [];
    memories.push(memory);
    if (memories.length > MEMORIES_PER_ENTITY) memories.shift();

    // Set anew, so that the map's order is the order of use.
    this.#byEntity.delete(entity);
    this.#byEntity.set(entity, memories);
    const [oldest] = this.#byEntity.keys();
    if (this.#byEntity.size > ENTITIES && oldest !== undefined) this.#byEntity.delete(oldest);
  }
}

const entitiesOf = (ids: EntityIds): string[] =>
  entityIdNames.filter((name) => ids[name] !== undefined).map((name) => `${name} ${ids[name]}`);

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

/** The share of the query's words that the memory has; above zero without any, as a search by meaning finds it too. */
function score(query: Set<string>, memory: Set<string>): number {
  return 0.3 + (0.7 * [...query].filter((word) => memory.has(word)).length) / Math.max(1, query.size);
}
