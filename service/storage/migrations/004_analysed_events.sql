-- A user's newest analyses are read at every suggestion: events that are still pending, of which there are many after an
-- outage, are no longer read through on the way to them.
CREATE INDEX conversation_events_analysed ON conversation_events (user_id, id DESC) WHERE analysis IS NOT NULL;

DROP INDEX conversation_events_by_user;
