import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import { explainDatabaseError } from './database-error.ts';

/** Options for the retry loop. */
export interface PatienceOptions {
  /** How long to keep trying, in milliseconds. Use 0 for a single attempt. */
  readonly patienceMs: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Called for each failure except the last one. */
  readonly onFailure?: (error: unknown, waitMs: number) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const RETRY: Backoff = { firstMs: 200, longestMs: 5000 };

/**
 * Opens a database connection that is not part of the pool. Retries while the server is unavailable, because it may
 * still be starting.
 * @throws The error from the last attempt. Throws immediately if a retry is useless, for example if the password is
 * wrong.
 */
export async function connect(databaseUrl: string, options: PatienceOptions): Promise<pg.Client> {
  const { patienceMs, clock = systemClock, random = Math.random, onFailure = () => {} } = options;
  const givesUpAt = clock.now() + patienceMs;
  for (let failures = 1; ; failures += 1) {
    try {
      return await connectOnce(databaseUrl);
    } catch (error) {
      const waitMs = backoffMs(RETRY, failures, random);
      const mayPass = explainDatabaseError(error, CONNECT_TIMEOUT_MS) instanceof ServiceError;
      if (!mayPass || clock.now() + waitMs > givesUpAt) throw error;
      onFailure(error, waitMs);
      await sleep(waitMs);
    }
  }
}

async function connectOnce(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // Without a listener, a lost connection would crash the process. The next statement reports the error.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
