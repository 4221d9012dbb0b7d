import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { EndedConversation, KeptEvent } from './event-claims.ts';

/** Maximum number of events to remember, about 100 bytes each. */
const REMEMBERED_MAX = 10_000;

/** Short, because a claim from before the outage may still be completed. */
const REMEMBERED_MS = 2_000;

/**
 * Remembers for two seconds which events were reported as pending. A client that ignores `Retry-After` gets the same
 * response without a query, so that an LLM outage does not put load on the database.
 */
export class ReportedPending {
  readonly #reported: LRUCache<string, KeptEvent>;

  /** @param perf A clock in milliseconds. Defaults to the system clock. */
  constructor(perf: { now(): number } = performance) {
    this.#reported = new LRUCache({ max: REMEMBERED_MAX, ttl: REMEMBERED_MS, ttlResolution: 0, perf });
  }

  /** Stores a conversation's event by calling `keep`, unless it was recently reported as pending. */
  async keep(conversation: EndedConversation, keep: () => Promise<KeptEvent>): Promise<KeptEvent> {
    const key = keyOf(conversation);
    const reported = this.#reported.get(key);
    if (reported) return reported;
    const kept = await keep();
    // Don't cache the analysis: it can be large, and a pending response doesn't include it.
    if (kept.kind === 'pending') this.#reported.set(key, { ...kept, event: { ...kept.event, analysis: null } });
    return kept;
  }
}

// The key includes the messages, because different messages are a conflict that only the database can detect.
function keyOf({ userId, conversationId, messages }: EndedConversation): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, conversationId, messages]))
    .digest('base64');
}
