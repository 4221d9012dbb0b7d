-- The hits of each client in its current window (RATE_LIMIT_STORE=postgres). `expire`: milliseconds since the epoch.
-- The table is unlogged, so hits write no write-ahead log. A crash empties it, and all windows start again.
CREATE UNLOGGED TABLE rate_limit_windows (
  key text PRIMARY KEY,
  points integer NOT NULL,
  expire bigint NOT NULL
);
