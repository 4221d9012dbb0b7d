import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { EndedConversation, KeptEvent } from './event-claims.ts';

/** Maximum number of remembered events, about 100 bytes each. */
const REMEMBERED_MAX = 10_000;

/** Short, because a claim from before the outage may still be completed. */
const REMEMBERED_MS = 2_000;

/**
 * Remembers for two seconds which events were reported as pending. A client that ignores `Retry-After` gets the same
 * answer without a query, so that an outage of the LLM does not put load on the database.
 */
export class ToldPending {
  readonly #told: LRUCache<string, KeptEvent>;

  /** @param perf a clock in milliseconds; default: the system clock */
  constructor(perf: { now(): number } = performance) {
    this.#told = new LRUCache({ max: REMEMBERED_MAX, ttl: REMEMBERED_MS, ttlResolution: 0, perf });
  }

  /** Stores the event of a conversation with `keep`, unless it was reported as pending a moment ago. */
  async keep(conversation: EndedConversation, keep: () => Promise<KeptEvent>): Promise<KeptEvent> {
    const key = keyOf(conversation);
    const told = this.#told.get(key);
    if (told) return told;
    const kept = await keep();
    // The analysis may be long, and is not sent.
    if (kept.kind === 'pending') this.#told.set(key, { ...kept, event: { ...kept.event, analysis: null } });
    return kept;
  }
}

// Different messages are a conflict, which only the database can detect.
function keyOf({ userId, conversationId, messages }: EndedConversation): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, conversationId, messages]))
    .digest('base64');
}
