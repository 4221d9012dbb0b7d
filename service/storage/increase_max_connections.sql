-- Raises max_connections (specification R1). Run it with psql as a superuser:
--
--   psql -v ON_ERROR_STOP=1 -v max_connections=200 -f increase_max_connections.sql
--
-- Takes effect when the server is RESTARTED; a reload is not enough. ALTER SYSTEM does not run inside a transaction.

\if :{?max_connections}
\else
  \set max_connections 200
\endif

\echo 'Current values:'
SELECT current_setting('max_connections')::int AS max_connections,
       current_setting('superuser_reserved_connections')::int AS superuser_reserved,
       coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS in_use;

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
