import type pg from 'pg';
import { atMostFor, now, pause } from '../../base/clock.ts';
import type { ConnectionSample } from '../../history/events.ts';
import { postgresClient } from './client.ts';
import type { Database } from './database.ts';

/** How often to sample pg_stat_activity, in milliseconds, and how often for display only. */
const [INTERVAL_MS, DISPLAY_MS] = [25, 100];

/** Query timeout in milliseconds. */
const LIMIT_MS = 2_000;

const QUERY = `
  SELECT count(*)::int AS total,
         (count(*) FILTER (WHERE state = 'active'))::int AS active,
         (count(*) FILTER (WHERE wait_event_type = 'Lock'))::int AS "waitingForLock",
         (count(*) FILTER (WHERE state LIKE 'idle in transaction%'))::int AS "idleInTransaction"
    FROM pg_stat_activity WHERE usename = $1`;

/** Samples a role's number of backends until it is disposed. It waits while the server is stopped. */
export class ConnectionSampler implements AsyncDisposable {
  readonly #adminUrl: string;
  #client: pg.Client;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #latest: ConnectionSample | undefined;

  private constructor(adminUrl: string, client: pg.Client) {
    this.#adminUrl = adminUrl;
    this.#client = client;
  }

  /** @param isJudged Whether the samples are judged, and not only displayed. Defaults to true. */
  static async start(
    { adminUrl, role }: Pick<Database, 'adminUrl' | 'role'>,
    record: (sample: ConnectionSample) => void,
    isJudged = true,
  ) {
    const sampler = new ConnectionSampler(adminUrl, await connect(adminUrl));
    sampler.#loop = sampler.#watch(role, record, isJudged ? INTERVAL_MS : DISPLAY_MS);
    return sampler;
  }

  /** The latest sample, or undefined before the first one. */
  get latest(): ConnectionSample | undefined {
    return this.#latest;
  }

  async #watch(role: string, record: (sample: ConnectionSample) => void, intervalMs: number): Promise<void> {
    while (!this.#stop.signal.aborted) {
      // A named query is planned only once. Planning takes most of its time.
      const query = { name: 'connections', text: QUERY, values: [role] };
      const counted = await this.#client.query<Omit<ConnectionSample, 'type' | 'at'>>(query).catch(() => null);
      if (counted?.rows[0]) {
        this.#latest = { type: 'connections', at: now(), ...counted.rows[0] };
        record(this.#latest);
      } else {
        this.#client = await connect(this.#adminUrl).catch(() => this.#client);
      }
      await pause(intervalMs, this.#stop.signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await atMostFor(LIMIT_MS, this.#client.end());
  }
}

async function connect(url: string): Promise<pg.Client> {
  // A server that is shutting down may accept a connection and then never respond.
  const client = postgresClient(url, { connectionTimeoutMillis: LIMIT_MS, query_timeout: LIMIT_MS });
  client.on('error', () => {}); // the failing query reports it
  await client.connect();
  return client;
}
