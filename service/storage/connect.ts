import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import { explainDatabaseError } from './database-error.ts';

/** Options of the retry loop. */
export interface PatienceOptions {
  /** Time in milliseconds after which to give up; 0: one attempt. */
  readonly patienceMs: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Called for each failure except the last. */
  readonly onFailure?: (error: unknown, waitMs: number) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const RETRY: Backoff = { firstMs: 200, longestMs: 5000 };

/**
 * Connects to the database, outside of the pool. Retries while the server is unavailable, because it may still be
 * starting.
 * @throws the error of the last attempt; immediately if a retry can't help, as for a wrong password
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
  // Without a listener, a lost connection would end the process. The next statement reports the error.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
