import type { ChatMessage } from '../upstreams/groq.ts';
import type { Database } from './pool.ts';

/** An event that is to be stored. */
export interface NewEvent {
  readonly conversationId: string;
  readonly userId: string;
  readonly messages: readonly ChatMessage[];
  readonly analysis: string;
  readonly memoryEventId: string;
}

/** A stored event, as the endpoints show it. */
export interface ConversationEvent {
  readonly event_id: string;
  readonly conversation_id: string;
  readonly user_id: string;
  readonly analysis: string;
  readonly memory_event_id: string;
  readonly created_at: Date;
}

const COLUMNS = 'event_id, conversation_id, user_id, analysis, memory_event_id, created_at';

/** Stores an event. Each function here is exactly one query, and fails as {@link Database.query} does. */
export async function insertEvent(database: Database, event: NewEvent): Promise<ConversationEvent> {
  const [stored] = await database.query<ConversationEvent>(
    `INSERT INTO conversation_events (conversation_id, user_id, messages, analysis, memory_event_id)
     VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
    [event.conversationId, event.userId, JSON.stringify(event.messages), event.analysis, event.memoryEventId],
  );
  if (!stored) throw new Error('INSERT … RETURNING gave no row');
  return stored;
}

/** The user's newest events, newest first, at most `limit`. */
export function recentEvents(database: Database, userId: string, limit = 20): Promise<ConversationEvent[]> {
  const statement = `SELECT ${COLUMNS} FROM conversation_events WHERE user_id = $1 ORDER BY id DESC LIMIT $2`;
  return database.query<ConversationEvent>(statement, [userId, limit]);
}

/** The events of a conversation, oldest first, at most `limit`. */
export function conversationEvents(
  database: Database,
  conversationId: string,
  limit = 100,
): Promise<ConversationEvent[]> {
  const statement = `SELECT ${COLUMNS} FROM conversation_events WHERE conversation_id = $1 ORDER BY id LIMIT $2`;
  return database.query<ConversationEvent>(statement, [conversationId, limit]);
}
