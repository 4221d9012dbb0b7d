CREATE TABLE conversation_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  conversation_id text NOT NULL,
  user_id text NOT NULL,
  messages jsonb NOT NULL,
  analysis text NOT NULL,
  memory_event_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX conversation_events_by_user ON conversation_events (user_id, id DESC);
CREATE INDEX conversation_events_by_conversation ON conversation_events (conversation_id, id);
