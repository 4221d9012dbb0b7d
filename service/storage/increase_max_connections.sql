-- Raises max_connections (specification R1). Run it with psql as a superuser:
--
--   psql -v max_connections=200 -f increase_max_connections.sql
--
-- Takes effect when the server is RESTARTED; a reload is not enough. ALTER SYSTEM does not run inside a transaction.
-- A value that is lower than the present one is refused, and nothing is changed.
--
-- To use postgresql.conf instead:
--
--   1. SHOW config_file;                      -- the file to edit
--   2. Set max_connections = 200 in this file. If the line begins with #, remove the #.
--   3. ALTER SYSTEM RESET max_connections;    -- postgresql.auto.conf overrides postgresql.conf
--   4. SELECT setting, sourcefile, error FROM pg_file_settings WHERE name = 'max_connections';
--      -- the last row is the value after the restart; its error "setting could not be applied" means that it needs one
--   5. Restart the server, and check: SHOW max_connections;
--
-- A value on the server's command line (-c max_connections=..., as containers often have it) overrides both files. See
-- SELECT source FROM pg_settings WHERE name = 'max_connections'; if it is "command line", change it there.

\set ON_ERROR_STOP on

\if :{?max_connections}
\else
  \set max_connections 200
\endif

\echo 'Current values:'
SELECT current_setting('max_connections')::int AS max_connections,
       current_setting('superuser_reserved_connections')::int AS superuser_reserved,
       coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS in_use;

SELECT set_config('increase.max_connections', :'max_connections', false) AS wanted \gset
DO $$
DECLARE
  wanted int := current_setting('increase.max_connections');
  present int := current_setting('max_connections');
  planned int := (SELECT setting FROM pg_file_settings WHERE name = 'max_connections' ORDER BY seqno DESC LIMIT 1);
BEGIN
  IF wanted < greatest(present, planned) THEN
    RAISE EXCEPTION 'max_connections = % is refused, because it is lower than the present %', wanted,
      greatest(present, planned)
      USING DETAIL = format('It is %s now, and %s after the next restart. Nothing was changed.', present,
        coalesce(planned, present)),
      HINT = 'To lower it on purpose, use ALTER SYSTEM SET max_connections directly.';
  END IF;
END $$;

ALTER SYSTEM SET max_connections = :'max_connections';

\echo 'After the restart (written to postgresql.auto.conf, not yet in effect):'
SELECT :'max_connections'::int AS max_connections,
       :'max_connections'::int
         - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true), '0')::int AS slots_for_the_service;

\echo 'The pools must fit: replicas * DATABASE_POOL_MAX < slots_for_the_service.'
\echo 'Leave one slot for each starting replica, which migrates over a separate connection.'
\echo 'Now RESTART the server, for example: pg_ctl restart -D $PGDATA   or   systemctl restart postgresql'
\echo 'Then check: SHOW max_connections;'
