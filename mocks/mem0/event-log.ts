import { randomUUID } from 'node:crypto';
import type { Memory } from './memory.ts';

/** An asynchronous operation that starts at `addedAt` (milliseconds since the epoch) and takes `durationMs`. */
interface Mem0Event {
  readonly id: string;
  readonly type: 'ADD' | 'DELETE';
  readonly addedAt: number;
  readonly durationMs: number;
  readonly fails: boolean;
  readonly payload: object;
  readonly memories: readonly Memory[];
}

const EVENTS = 10_000;

/**
 * The last 10,000 events. Their state depends on the clock: PENDING for the first half of the duration and RUNNING for
 * the second.
 */
export class EventLog {
  readonly #events = new Map<string, Mem0Event>();
  readonly #now: () => number;

  /** `now` is the clock in milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds an event and returns its ID. */
  begin(event: Omit<Mem0Event, 'id' | 'addedAt'>): string {
    const id = randomUUID();
    this.#events.set(id, { ...event, id, addedAt: this.#now() });
    const [oldest] = this.#events.keys();
    if (this.#events.size > EVENTS && oldest !== undefined) this.#events.delete(oldest);
    return id;
  }

  /** Returns an event in the API's format. */
  get(id: string) {
    const event = this.#events.get(id);
    return event && eventView(event, this.#now());
  }

  /** Returns all events in the API's format, newest first. */
  list() {
    const now = this.#now();
    return [...this.#events.values()].reverse().map((event) => eventView(event, now));
  }
}

function eventView({ id, type, addedAt, durationMs, fails, payload, memories }: Mem0Event, now: number) {
  const startsAt = addedAt + durationMs / 2;
  const endsAt = addedAt + durationMs;
  const outcome = fails ? 'FAILED' : 'SUCCEEDED';
  const status = now >= endsAt ? outcome : now >= startsAt ? 'RUNNING' : 'PENDING';
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    id,
    event_type: type,
    status,
    payload,
    metadata: null,
    results:
      status === 'SUCCEEDED'
        ? memories.map((memory) => ({ id: memory.id, event: 'ADD', data: { memory: memory.memory } }))
        : [],
    created_at: iso(addedAt),
    updated_at: iso(now >= endsAt ? endsAt : now >= startsAt ? startsAt : addedAt),
    started_at: now >= startsAt ? iso(startsAt) : null,
    completed_at: now >= endsAt ? iso(endsAt) : null,
    latency: now >= endsAt ? durationMs : null,
    error: status === 'FAILED' ? 'Memory processing failed' : null,
  };
}
