import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import { explainDatabaseError } from './database-error.ts';

/** How long to keep trying to reach the server, and by what time and chance. */
export interface PatienceOptions {
  /** Milliseconds from now after which the newest failure is given up with; 0: one attempt. */
  readonly patienceMs: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Told of each failure that is not the last. */
  readonly onFailure?: (error: unknown, waitMs: number) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const RETRY: Backoff = { firstMs: 200, longestMs: 5000 };

/**
 * Connects to the database, by itself and outside the pool, trying again while the server can't serve: it may be starting too.
 * @throws what the last attempt failed with; at once where trying again won't help, such as a wrong password
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
  // What it breaks with shows in the statement that fails; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
