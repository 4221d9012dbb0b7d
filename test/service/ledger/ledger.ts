import pg from 'pg';

/** What the service said of a conversation's event: `complete` and `pending` with 2xx, `kept` beside an error. */
export type Said = 'complete' | 'pending' | 'kept';

/** What was promised, and what of it did not come true. */
export interface Balance {
  /** Conversations that were acknowledged with 2xx. */
  readonly acknowledged: number;
  /** Conversations that an error only said to be kept. */
  readonly kept: number;
  /** Promised events that are not in the table, or are there as less than was said. */
  readonly missing: number;
  /** Conversations that are more than once in the table, or of which two answers named different events. */
  readonly doubled: number;
}

interface StoredEvent {
  readonly conversation_id: string;
  readonly event_id: string;
  readonly complete: boolean;
}

/** Keeps what the service promised, to be compared with what the database holds. */
export class Ledger {
  readonly #promises = new Map<string, { readonly events: Set<string>; readonly said: Set<Said> }>();

  /** Notes an answer. */
  note(conversationId: string, eventId: string, said: Said): void {
    const promise = this.#promises.get(conversationId) ?? { events: new Set(), said: new Set() };
    promise.events.add(eventId);
    promise.said.add(said);
    this.#promises.set(conversationId, promise);
  }

  /** How many conversations were acknowledged by now. */
  get acknowledged(): number {
    return [...this.#promises.values()].filter(({ said }) => said.has('complete') || said.has('pending')).length;
  }

  /** Reads the table, and compares. */
  async balance(databaseUrl: string): Promise<Balance> {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query<StoredEvent>(
      'SELECT conversation_id, event_id, memory_event_id IS NOT NULL AS complete FROM conversation_events',
    );
    await client.end();
    return this.compare(rows);
  }

  /** Compares with the rows of the table. */
  compare(rows: readonly StoredEvent[]): Balance {
    const stored = Map.groupBy(rows, ({ conversation_id }) => conversation_id);
    const promises = [...this.#promises];
    const missing = promises.filter(([conversation, { events, said }]) =>
      [...events].some((event) => {
        const row = stored.get(conversation)?.find(({ event_id }) => event_id === event);
        return row === undefined || (said.has('complete') && !row.complete);
      }),
    );
    const doubled = new Set([
      ...[...stored].filter(([, of]) => of.length > 1).map(([conversation]) => conversation),
      ...promises.filter(([, { events }]) => events.size > 1).map(([conversation]) => conversation),
    ]);
    const { acknowledged } = this;
    return { acknowledged, kept: promises.length - acknowledged, missing: missing.length, doubled: doubled.size };
  }
}
