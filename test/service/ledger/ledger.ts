import pg from 'pg';

/** An event's reported state: `complete` or `pending` in a 2xx response, `kept` in an error response. */
export type Said = 'complete' | 'pending' | 'kept';

/** How many promises the service made, and which of them it broke. */
export interface Balance {
  /** Number of conversations acknowledged with 2xx. */
  readonly acknowledged: number;
  /** Number of conversations that were reported as stored only in an error response. */
  readonly kept: number;
  /** Number of promised events that are missing or whose state in the table is behind the reported one. */
  readonly missing: number;
  /** Number of conversations that are in the table more than once, or whose event differs between two responses. */
  readonly doubled: number;
}

interface StoredEvent {
  readonly conversation_id: string;
  readonly event_id: string;
  readonly complete: boolean;
}

/** Records the service's promises and compares them with the database. */
export class Ledger {
  readonly #promises = new Map<string, { readonly events: Set<string>; readonly said: Set<Said> }>();

  /** Records a response. */
  note(conversationId: string, eventId: string, said: Said): void {
    const promise = this.#promises.get(conversationId) ?? { events: new Set(), said: new Set() };
    promise.events.add(eventId);
    promise.said.add(said);
    this.#promises.set(conversationId, promise);
  }

  /** Number of conversations acknowledged so far. */
  get acknowledged(): number {
    return [...this.#promises.values()].filter(({ said }) => said.has('complete') || said.has('pending')).length;
  }

  /** Reads the table and compares it with the promises. */
  async balance(databaseUrl: string): Promise<Balance> {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query<StoredEvent>(
      'SELECT conversation_id, event_id, memory_event_id IS NOT NULL AS complete FROM conversation_events',
    );
    await client.end();
    return this.compare(rows);
  }

  /** Compares the promises with the table's rows. */
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
