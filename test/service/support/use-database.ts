import { afterAll, beforeAll } from 'vitest';
import { createDatabase, type Database, type DatabaseOptions } from '../../../service/storage/pool.ts';
import { sharedPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { HANG_MS } from '../../support/limits.ts';
import { recordLog } from './log-recorder.ts';
import { migrated } from './migrated.ts';

/** A PostgreSQL server, and a database with the service's schema. */
export interface TestDatabase {
  readonly postgres: TestPostgres;
  readonly url: string;
  /** Opens the service's connection pool. By default, it has 4 connections, a queue of 50, and a timeout of 2 s. */
  openPool(options?: Partial<DatabaseOptions>, log?: Pick<ReturnType<typeof recordLog>, 'logger'>): Database;
}

/**
 * Creates a database before the tests in the calling file, on the server that all files share.
 *
 * @param start Starts another server instead, which is stopped after the tests.
 */
export function useDatabase(start?: () => Promise<TestPostgres>): TestDatabase {
  let started: { postgres: TestPostgres; url: string } | undefined;
  const running = () => {
    if (!started) throw new Error('the server is started before the first test, and not before');
    return started;
  };
  beforeAll(async () => {
    const postgres = await (start ?? sharedPostgres)();
    started = { postgres, url: await postgres.createDatabase() };
    await migrated(started.url);
  }, 30_000);
  afterAll(() => start && started?.postgres[Symbol.asyncDispose]());
  return {
    get postgres() {
      return running().postgres;
    },
    get url() {
      return running().url;
    },
    openPool: (options = {}, { logger } = recordLog()) => {
      const { url } = running();
      const usual = { url, poolMax: 4, queueMax: 50, acquireTimeoutMs: HANG_MS, statementTimeoutMs: HANG_MS };
      return createDatabase({ ...usual, ...options }, logger);
    },
  };
}
