import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { EndedConversation, KeptEvent } from './event-claims.ts';

/** So many are remembered, of some hundred bytes each. */
const REMEMBERED_MAX = 10_000;

/**
 * Remembers which events clients were told are pending, for as long as they were told to wait: who asks again before
 * that gets the same answer without a query, so that an outage of the LLM does not become a load on the database. What another replica
 * finishes meanwhile is seen once the wait is over.
 */
export class ToldPending {
  readonly #told: LRUCache<string, KeptEvent>;

  /** @param perf the time, in milliseconds from any moment; default: the system's */
  constructor(perf: { now(): number } = performance) {
    this.#told = new LRUCache({ max: REMEMBERED_MAX, ttlResolution: 0, perf });
  }

  /**
   * Keeps a conversation's event by `keep`, unless its client was told that it is pending and has not waited yet.
   * @param seconds for how long the client is told to wait: above 0
   */
  async keep(conversation: EndedConversation, seconds: number, keep: () => Promise<KeptEvent>): Promise<KeptEvent> {
    const key = keyOf(conversation);
    const told = this.#told.get(key);
    if (told) return told;
    const kept = await keep();
    if (kept.kind === 'pending') this.#told.set(key, kept, { ttl: seconds * 1000 });
    return kept;
  }
}

// With other messages it is a conflict, which only the database can tell.
function keyOf({ userId, conversationId, messages }: EndedConversation): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, conversationId, messages]))
    .digest('base64');
}
