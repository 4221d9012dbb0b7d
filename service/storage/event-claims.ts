import type { ChatMessage } from '../schemas/chat-message.ts';
import { type ConversationEvent, EVENT_COLUMNS } from './events.ts';
import type { Database } from './pool.ts';

/** A conversation that has ended, as it is asked for. */
export interface EndedConversation {
  readonly userId: string;
  readonly conversationId: string;
  readonly messages: readonly ChatMessage[];
}

/** A pending event, and the right to finish it until the lease ends. `attempts` numbers the claim. */
export interface EventClaim extends ConversationEvent {
  readonly messages: readonly ChatMessage[];
  readonly attempts: number;
}

/** An event that is kept: complete, still pending, or with other messages than those that were given. */
export interface KeptEvent {
  readonly kind: 'complete' | 'pending' | 'differs';
  readonly event: ConversationEvent;
}

/** What became of the wish to finish a conversation's event; `pending` is one that somebody else is at work on. */
export type ClaimOutcome = { readonly kind: 'claimed'; readonly claim: EventClaim } | KeptEvent;

const CLAIM_COLUMNS = `${EVENT_COLUMNS}, messages, attempts`;
const LEASE = (parameter: string) => `now() + ${parameter} * interval '1 millisecond'`;

/**
 * Keeps a conversation's event, unless it is kept already, and claims it, unless it is complete, somebody else is at work on
 * it, or it was kept with other messages. Committed on return. One statement decides, so of many at once one claims.
 *
 * @param leaseMs how long nobody else may claim it: longer than finishing takes at most
 */
export async function claimEvent(
  database: Database,
  conversation: EndedConversation,
  leaseMs: number,
): Promise<ClaimOutcome> {
  const [claim] = await database.query<EventClaim>(
    `INSERT INTO conversation_events AS kept (user_id, conversation_id, messages, attempts, claimed_until)
     VALUES ($1, $2, $3, 1, ${LEASE('$4')})
     ON CONFLICT (user_id, conversation_id) DO UPDATE
       SET attempts = kept.attempts + 1, claimed_until = excluded.claimed_until
       WHERE kept.memory_event_id IS NULL AND kept.messages = excluded.messages
         AND coalesce(kept.claimed_until <= now(), true)
     RETURNING ${CLAIM_COLUMNS}`,
    [...storedAs(conversation), leaseMs],
  );
  return claim ? { kind: 'claimed', claim } : ((await findKept(database, conversation)) ?? isGone());
}

/**
 * Keeps a conversation's event, unless it is kept already, and leaves it to whoever claims it later: what there is to do
 * while the event can't be finished. Committed on return. One that is kept is only read, so that clients who ask again and
 * again during an outage cost no commits.
 */
export async function keepEvent(database: Database, conversation: EndedConversation): Promise<KeptEvent> {
  const kept = await findKept(database, conversation);
  if (kept) return kept;
  const [event] = await database.query<ConversationEvent>(
    `INSERT INTO conversation_events (user_id, conversation_id, messages) VALUES ($1, $2, $3)
     ON CONFLICT (user_id, conversation_id) DO NOTHING RETURNING ${EVENT_COLUMNS}`,
    storedAs(conversation),
  );
  return event ? { kind: 'pending', event } : ((await findKept(database, conversation)) ?? isGone());
}

async function findKept(database: Database, conversation: EndedConversation): Promise<KeptEvent | undefined> {
  const [kept] = await database.query<ConversationEvent & { same: boolean }>(
    `SELECT ${EVENT_COLUMNS}, messages = $3 AS same FROM conversation_events
     WHERE user_id = $1 AND conversation_id = $2`,
    storedAs(conversation),
  );
  if (!kept) return undefined;
  const { same, ...event } = kept;
  return { kind: same ? event.status : 'differs', event };
}

// Nothing deletes events.
function isGone(): never {
  throw new Error('an event that was kept is gone');
}

function storedAs({ userId, conversationId, messages }: EndedConversation): string[] {
  return [userId, conversationId, JSON.stringify(messages)];
}

/** Claims the pending event that is due for the longest time, if one is. Replicas pass over what another is claiming. */
export async function claimDueEvent(database: Database, leaseMs: number): Promise<EventClaim | undefined> {
  const [claim] = await database.query<EventClaim>(
    `UPDATE conversation_events SET attempts = attempts + 1, claimed_until = ${LEASE('$1')}
     WHERE id = (
       SELECT id FROM conversation_events
       WHERE memory_event_id IS NULL AND next_attempt_at <= now() AND coalesce(claimed_until <= now(), true)
       ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
     )
     RETURNING ${CLAIM_COLUMNS}`,
    [leaseMs],
  );
  return claim;
}

/** Completes an event. Whoever outlived a lease and comes second gets what the first has stored. */
export async function completeEvent(
  database: Database,
  eventId: string,
  analysis: string,
  memoryEventId: string,
): Promise<ConversationEvent> {
  const [completed] = await database.query<ConversationEvent>(
    `UPDATE conversation_events SET analysis = $2, memory_event_id = $3, claimed_until = NULL
     WHERE event_id = $1 AND memory_event_id IS NULL RETURNING ${EVENT_COLUMNS}`,
    [eventId, analysis, memoryEventId],
  );
  if (completed) return completed;
  const [first] = await database.query<ConversationEvent>(
    `SELECT ${EVENT_COLUMNS} FROM conversation_events WHERE event_id = $1`,
    [eventId],
  );
  return first ?? isGone();
}

/**
 * Gives a claim back, with what was achieved, so that a retry need not wait for the lease to end. Does nothing where somebody
 * else has claimed it since. The worker leaves it alone for `restMs`.
 */
export async function releaseClaim(
  database: Database,
  { event_id, attempts }: EventClaim,
  analysis: string | null,
  restMs: number,
): Promise<void> {
  await database.query(
    `UPDATE conversation_events
     SET analysis = coalesce($3, analysis), claimed_until = NULL, next_attempt_at = ${LEASE('$4')}
     WHERE event_id = $1 AND attempts = $2 AND memory_event_id IS NULL`,
    [event_id, attempts, analysis, restMs],
  );
}
