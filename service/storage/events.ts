import type { Database } from './pool.ts';

type EventStatus = 'pending' | 'complete';

/** A stored event as returned by the API. Fields of a pending event that are not known yet are null. */
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
 * Returns the analyses of a user's 20 most recent events, newest first. Like all functions here, it runs exactly one
 * query and fails like {@link Database.query}.
 */
export async function recentAnalyses(database: Database, userId: string): Promise<string[]> {
  const statement = `SELECT analysis FROM conversation_events
    WHERE user_id = $1 AND analysis IS NOT NULL ORDER BY id DESC LIMIT 20`;
  const rows = await database.query<{ analysis: string }>(statement, [userId]);
  return rows.map(({ analysis }) => analysis);
}

/** Returns a user's first 100 events in one conversation, oldest first. */
export function conversationEvents(
  database: Database,
  userId: string,
  conversationId: string,
): Promise<ConversationEvent[]> {
  const statement = `SELECT ${EVENT_COLUMNS} FROM conversation_events
     WHERE conversation_id = $1 AND user_id = $2 ORDER BY id LIMIT 100`;
  return database.query<ConversationEvent>(statement, [conversationId, userId]);
}
