/** Whom a memory belongs to. Mem0 calls these entity ids. */
export const entityIdNames = ['user_id', 'agent_id', 'app_id', 'run_id'] as const;
export type EntityIds = { readonly [name in (typeof entityIdNames)[number]]?: string | undefined };

/** One message of what was added; anything but a string (an image, say) is accepted and not understood. */
export interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** What was done to a memory; `at` is ISO 8601. */
export interface Revision {
  readonly id: string;
  readonly event: 'ADD' | 'UPDATE' | 'DELETE';
  readonly old: string | null;
  readonly new: string | null;
  readonly at: string;
}

/** What a memory says, and may be changed to. */
export interface MemoryContent {
  memory: string;
  metadata: Readonly<Record<string, unknown>> | null;
  /** ISO 8601, a date; from its end on the memory is not found any more. */
  expiration_date: string | null;
}

/** One thing that was remembered; times are ISO 8601. */
export interface Memory extends MemoryContent {
  readonly id: string;
  readonly entityIds: EntityIds;
  readonly input: readonly Message[];
  readonly categories: readonly string[];
  readonly created_at: string;
  updated_at: string;
  /** Epoch milliseconds from which on it can be found. */
  readonly visibleAt: number;
  /** The last of them, oldest first. */
  readonly revisions: Revision[];
}

/** The entities of ids, each as one string. */
export const entitiesOf = (ids: EntityIds): string[] =>
  entityIdNames.flatMap((name) => (ids[name] === undefined ? [] : [`${name} ${ids[name]}`]));

/** All four entity ids, null where there is none. */
const entityIdFields = (ids: EntityIds): Record<string, string | null> =>
  Object.fromEntries(entityIdNames.map((name) => [name, ids[name] ?? null]));

/** A memory as the API tells it; with `fields`, only those and its id and text. */
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

/** A memory's revisions as the API tells them, oldest first. */
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
