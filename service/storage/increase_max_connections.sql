-- Raises max_connections (specification R1). Run by psql, as a superuser:
--
--   psql -v ON_ERROR_STOP=1 -v max_connections=200 -f increase_max_connections.sql
--
-- Takes effect at the next RESTART of the server; a reload is not enough. Not inside a transaction: ALTER SYSTEM refuses.

\if :{?max_connections}
\else
  \set max_connections 200
\endif

\echo 'Now:'
SELECT current_setting('max_connections')::int AS max_connections,
       current_setting('superuser_reserved_connections')::int AS superuser_reserved,
       coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS in_use;

ALTER SYSTEM SET max_connections = :'max_connections';

\echo 'After the restart (set is written to postgresql.auto.conf, not yet in force):'
SELECT :'max_connections'::int AS max_connections,
       :'max_connections'::int
         - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true), '0')::int AS slots_for_the_service;

\echo 'The pools must fit: replicas * DATABASE_POOL_MAX < slots_for_the_service.'
\echo 'Leave a slot for each replica that starts: it migrates over a connection of its own.'
\echo 'RESTART the server now, for instance: pg_ctl restart -D $PGDATA   or   systemctl restart postgresql'
\echo 'Then check: SHOW max_connections;'
