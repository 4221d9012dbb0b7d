import type pg from 'pg';
import type { Counted, SharedCounter } from './shared-window-store.ts';

const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Maximum delay, in milliseconds, of a hit that had to wait for another one. */
const SLACK_MS = 1000;

// If a stored window ends later than a new one would, the server's clock was set back.
const HIT = `
  INSERT INTO rate_limit_windows AS kept (key, points, expire) VALUES ($1, 1, ${NOW} + $2::bigint)
  ON CONFLICT (key) DO UPDATE SET
    points = CASE WHEN kept.expire <= excluded.expire - $2::bigint THEN 1 ELSE kept.points + 1 END,
    expire = CASE WHEN kept.expire <= excluded.expire - $2::bigint THEN excluded.expire
                  WHEN kept.expire > excluded.expire + ${SLACK_MS} THEN excluded.expire
                  ELSE kept.expire END
  RETURNING points AS hits, (expire - ${NOW})::float8 AS "leftMs"`;
const PEEK = `
  SELECT points AS hits, (expire - ${NOW})::float8 AS "leftMs" FROM rate_limit_windows
  WHERE key = $1 AND expire > ${NOW}`;
const TAKE_BACK = 'UPDATE rate_limit_windows SET points = points - 1 WHERE key = $1';
const FORGET = 'DELETE FROM rate_limit_windows WHERE key = $1';
const FORGET_ENDED = `DELETE FROM rate_limit_windows WHERE expire <= ${NOW}`;

/** Creates a counter in the `rate_limit_windows` table, with one statement per hit. `prefix` identifies the limit. */
export function postgresCounter(client: Pick<pg.Client, 'query'>, prefix: string, windowMs: number): SharedCounter {
  const ask = async (name: string, text: string, values: unknown[]): Promise<Counted | undefined> => {
    const { rows } = await client.query<Counted>({ name, text, values });
    return rows[0] && { hits: rows[0].hits, leftMs: Math.max(0, rows[0].leftMs) };
  };
  const named = (key: string) => `${prefix}:${key}`;
  return {
    hit: async (key) => (await ask('hit', HIT, [named(key), windowMs])) as Counted,
    peek: (key) => ask('peek', PEEK, [named(key)]),
    takeBack: async (key) => void (await ask('take-back', TAKE_BACK, [named(key)])),
    forget: async (key) => void (await ask('forget', FORGET, [named(key)])),
  };
}

/** Deletes windows that have ended. */
export async function forgetEndedWindows(client: Pick<pg.Client, 'query'>): Promise<void> {
  await client.query(FORGET_ENDED);
}
