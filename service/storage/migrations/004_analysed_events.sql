-- Suggestions read the newest analyses of a user. This index skips pending events, of which there are many after an
-- outage.
CREATE INDEX conversation_events_analysed ON conversation_events (user_id, id DESC) WHERE analysis IS NOT NULL;

DROP INDEX conversation_events_by_user;
