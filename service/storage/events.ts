import type { Database } from './pool.ts';

/** Whether an event's analysis and extraction are done. */
type EventStatus = 'pending' | 'complete';

/** A stored event, as the endpoints show it. Of a pending one, what is not known yet is null. */
export interface ConversationEvent {
  readonly event_id: string;
  readonly conversation_id: string;
  readonly user_id: string;
  readonly status: EventStatus;
  readonly analysis: string | null;
  readonly memory_event_id: string | null;
  readonly created_at: Date;
}

/** The columns of a {@link ConversationEvent}. */
export const EVENT_COLUMNS = `event_id, conversation_id, user_id,
  CASE WHEN memory_event_id IS NULL THEN 'pending' ELSE 'complete' END AS status,
  analysis, memory_event_id, created_at`;

/**
 * The analyses of the user's newest events, newest first, at most `limit`. Each function here is exactly one query, and
 * fails as {@link Database.query} does.
 */
export async function recentAnalyses(database: Database, userId: string, limit = 20): Promise<string[]> {
  const statement = `SELECT analysis FROM conversation_events
    WHERE user_id = $1 AND analysis IS NOT NULL ORDER BY id DESC LIMIT $2`;
  const rows = await database.query<{ analysis: string }>(statement, [userId, limit]);
  return rows.map(({ analysis }) => analysis);
}

/** The user's events of a conversation, oldest first, at most `limit`. */
export function conversationEvents(
  database: Database,
  userId: string,
  conversationId: string,
  limit = 100,
): Promise<ConversationEvent[]> {
  const statement = `SELECT ${EVENT_COLUMNS} FROM conversation_events
     WHERE conversation_id = $1 AND user_id = $2 ORDER BY id LIMIT $3`;
  return database.query<ConversationEvent>(statement, [conversationId, userId, limit]);
}
