import pg from 'pg';

/** Matches the variables by which PostgreSQL's programs and libraries can be configured. */
const OF_POSTGRES = /^PG[A-Z]/;

/**
 * Returns a client that is configured by its URL alone. PGSSLMODE and other variables of the user's shell, which `pg`
 * reads when it creates a client, are meant for other servers than those of the lab.
 */
export function postgresClient(url: string, options: pg.ClientConfig = {}): pg.Client {
  const hidden = Object.entries(process.env).filter(([name]) => OF_POSTGRES.test(name));
  for (const [name] of hidden) delete process.env[name];
  try {
    return new pg.Client({ ...options, connectionString: url });
  } finally {
    Object.assign(process.env, Object.fromEntries(hidden));
  }
}
