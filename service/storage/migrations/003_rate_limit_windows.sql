-- The hits of each client in its current window (RATE_LIMIT_STORE=postgres); `expire` in milliseconds since the epoch.
-- Unlogged: a hit costs no write-ahead log. A crash empties the table, and every client's window begins anew.
CREATE UNLOGGED TABLE rate_limit_windows (
  key text PRIMARY KEY,
  points integer NOT NULL,
  expire bigint NOT NULL
);
