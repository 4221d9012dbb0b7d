import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { EndedConversation, KeptEvent } from './event-claims.ts';

/** So many are remembered, of some hundred bytes each. */
const REMEMBERED_MAX = 10_000;

/** A claim from before the outage may still be completed: by then who asks again is told so. */
const REMEMBERED_MS = 2_000;

/**
 * Remembers for a moment which events clients were told are pending: who asks again at once, and not when they were told to, gets
 * the same answer without a query, so that an outage of the LLM does not become a load on the database.
 */
export class ToldPending {
  readonly #told: LRUCache<string, KeptEvent>;

  /** @param perf the time, in milliseconds from any moment; default: the system's */
  constructor(perf: { now(): number } = performance) {
    this.#told = new LRUCache({ max: REMEMBERED_MAX, ttl: REMEMBERED_MS, ttlResolution: 0, perf });
  }

  /** Keeps a conversation's event by `keep`, unless its client was told a moment ago that it is pending. */
  async keep(conversation: EndedConversation, keep: () => Promise<KeptEvent>): Promise<KeptEvent> {
    const key = keyOf(conversation);
    const told = this.#told.get(key);
    if (told) return told;
    const kept = await keep();
    // An analysis may be long, and nobody is told it by then.
    if (kept.kind === 'pending') this.#told.set(key, { ...kept, event: { ...kept.event, analysis: null } });
    return kept;
  }
}

// With other messages it is a conflict, which only the database can tell.
function keyOf({ userId, conversationId, messages }: EndedConversation): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, conversationId, messages]))
    .digest('base64');
}
