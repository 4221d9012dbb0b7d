-- An event is stored as soon as it arrives. While memory_event_id is null, it is pending: its analysis, its extraction
-- or both are missing.
ALTER TABLE conversation_events
  ALTER COLUMN analysis DROP NOT NULL,
  ALTER COLUMN memory_event_id DROP NOT NULL,
  -- Number of attempts to finish the event; the latest one holds the claim.
  ADD COLUMN attempts integer NOT NULL DEFAULT 0,
  -- End of the current claim; null without a claim.
  ADD COLUMN claimed_until timestamptz,
  -- The worker does not retry it before this time.
  ADD COLUMN next_attempt_at timestamptz NOT NULL DEFAULT now();

-- Moves duplicates from before conversations were idempotent to another table, and keeps the first of each.
CREATE TABLE conversation_events_set_aside (LIKE conversation_events);

WITH doubled AS (
  DELETE FROM conversation_events AS later
  USING conversation_events AS first
  WHERE first.user_id = later.user_id AND first.conversation_id = later.conversation_id AND first.id < later.id
  RETURNING later.*
)
INSERT INTO conversation_events_set_aside SELECT * FROM doubled;

ALTER TABLE conversation_events
  ADD CONSTRAINT conversation_events_once_a_user UNIQUE (user_id, conversation_id);

CREATE INDEX conversation_events_pending ON conversation_events (next_attempt_at) WHERE memory_event_id IS NULL;
