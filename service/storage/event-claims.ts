import type { ChatMessage } from '../schemas/chat-message.ts';
import { type ConversationEvent, EVENT_COLUMNS } from './events.ts';
import type { Database } from './pool.ts';

export interface EndedConversation {
  readonly userId: string;
  readonly conversationId: string;
  readonly messages: readonly ChatMessage[];
}

/** A pending event that the claimant may finish until the lease ends. `attempts` identifies the claim. */
export interface EventClaim extends ConversationEvent {
  readonly messages: readonly ChatMessage[];
  readonly attempts: number;
}

/** A stored event that is complete, is pending, or was stored with different messages. */
export interface KeptEvent {
  readonly kind: 'complete' | 'pending' | 'differs';
  readonly event: ConversationEvent;
}

/** The result of claiming an event. `pending` means that another request or worker is working on it. */
export type ClaimOutcome = { readonly kind: 'claimed'; readonly claim: EventClaim } | KeptEvent;

const CLAIM_COLUMNS = `${EVENT_COLUMNS}, messages, attempts`;
const LEASE = (parameter: string) => `now() + ${parameter} * interval '1 millisecond'`;

/**
 * Stores a conversation's event if it is new, and claims it. Does not claim an event that is complete, that another
 * request or worker is working on, or that has different messages. The changes are committed when it returns. It uses a
 * single statement, so exactly one of several concurrent callers gets the claim.
 *
 * @param leaseMs How long nobody else can claim the event. This must be longer than it takes to finish the event.
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
 * Stores a conversation's event if it is new, without claiming it. Use it while the event can't be finished. The
 * changes are committed when it returns. An existing event is only read, so that retries during an outage cause no
 * commits.
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

// Events are never deleted.
function isGone(): never {
  throw new Error('a stored event has disappeared');
}

function storedAs({ userId, conversationId, messages }: EndedConversation): string[] {
  return [userId, conversationId, JSON.stringify(messages)];
}

/** Claims the most overdue pending event, if any. Skips events that another replica is claiming. */
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

/** Completes an event. If its lease ended and another worker completed it first, returns that worker's result. */
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
 * Releases a claim and stores partial results, so that a retry does not have to wait until the lease ends. Does nothing
 * if the event has been claimed again since. The worker retries the event after `restMs`.
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
