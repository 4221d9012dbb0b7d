/** The ID fields for the entities that a memory can belong to. Mem0 calls them entity IDs. */
export const entityIdNames = ['user_id', 'agent_id', 'app_id', 'run_id'] as const;
export type EntityIds = { readonly [name in (typeof entityIdNames)[number]]?: string | undefined };

/** A message in an addition. Content other than a string, such as an image, is accepted and ignored. */
export interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** A change to a memory. `at` is in ISO 8601 format. */
export interface Revision {
  readonly id: string;
  readonly event: 'ADD' | 'UPDATE' | 'DELETE';
  readonly old: string | null;
  readonly new: string | null;
  readonly at: string;
}

/** The content of a memory, which can be changed. */
export interface MemoryContent {
  memory: string;
  metadata: Readonly<Record<string, unknown>> | null;
  /** A date in ISO 8601 format. After that day, the memory can no longer be found. */
  expiration_date: string | null;
}

/** A stored memory. Times are in ISO 8601 format. */
export interface Memory extends MemoryContent {
  readonly id: string;
  readonly entityIds: EntityIds;
  readonly input: readonly Message[];
  readonly categories: readonly string[];
  readonly created_at: string;
  updated_at: string;
  /** When the memory can first be found, in milliseconds since the epoch. */
  readonly visibleAt: number;
  /** The last revisions, oldest first. */
  readonly revisions: Revision[];
}

/** Converts entity IDs to entities, each represented as a string. */
export const entitiesOf = (ids: EntityIds): string[] =>
  entityIdNames.flatMap((name) => (ids[name] === undefined ? [] : [`${name} ${ids[name]}`]));

/** Returns all four entity IDs. Those that are not set are null. */
const entityIdFields = (ids: EntityIds): Record<string, string | null> =>
  Object.fromEntries(entityIdNames.map((name) => [name, ids[name] ?? null]));

/** Returns a memory in the API's format. With `fields`, it contains only those fields, its ID and its text. */
export function memoryView(
  memory: Memory,
  { score, fields }: { score?: number; fields?: readonly string[] | undefined } = {},
) {
  const view = {
    id: memory.id,
    memory: memory.memory,
    ...(score === undefined ? {} : { score }),
    ...entityIdFields(memory.entityIds),
    metadata: memory.metadata,
    categories: memory.categories,
    ...(memory.expiration_date === null ? {} : { expiration_date: memory.expiration_date }),
    created_at: memory.created_at,
    updated_at: memory.updated_at,
  };
  if (!fields?.length) return view;
  return Object.fromEntries(Object.entries(view).filter(([name]) => ['id', 'memory', ...fields].includes(name)));
}

/** Returns a memory's revisions in the API's format, oldest first. */
export const historyView = ({ id, input, entityIds, categories, metadata, revisions }: Memory) =>
  revisions.map((revision) => ({
    id: revision.id,
    memory_id: id,
    input,
    old_memory: revision.old,
    new_memory: revision.new,
    ...entityIdFields(entityIds),
    categories,
    event: revision.event,
    metadata,
    created_at: revision.at,
    updated_at: revision.at,
  }));
