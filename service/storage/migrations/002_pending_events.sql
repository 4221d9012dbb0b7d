-- An event is kept from the moment that it arrives. While memory_event_id is null it is pending: analysis, extraction or
-- both are still to be done.
ALTER TABLE conversation_events
  ALTER COLUMN analysis DROP NOT NULL,
  ALTER COLUMN memory_event_id DROP NOT NULL,
  -- How many times somebody has set about finishing it; the newest of them holds the claim.
  ADD COLUMN attempts integer NOT NULL DEFAULT 0,
  -- Until then somebody is at work on it; null where nobody is.
  ADD COLUMN claimed_until timestamptz,
  -- The worker leaves it alone until then.
  ADD COLUMN next_attempt_at timestamptz NOT NULL DEFAULT now();

-- What was stored twice before conversations were idempotent is set aside, the first of each staying: nothing is lost.
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
