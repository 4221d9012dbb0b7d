import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import { ServiceError } from '../../../service/base/errors.ts';
import { type Configuration, loadConfiguration } from '../../../service/config/load-configuration.ts';
import type { Dependencies } from '../../../service/dependencies/dependencies.ts';
import { databaseUnavailable, poolExhausted } from '../../../service/storage/database-error.ts';
import { createDatabase, type Database } from '../../../service/storage/pool.ts';
import { caughtBy, runNamed } from '../defect.ts';
import {
  changeError,
  watchQueries,
  withConfiguration,
  withInvoke,
  withLimiter,
  withParts,
  withQuery,
  withQueryErrors,
  withSettings,
} from '../run-with.ts';

/** How long after the acknowledgment an event is written, in milliseconds. */
const WRITE_BEHIND_MS = 500;

const CACHED_MS = 10_000;

/** Returns a database, and a function with which its pool loses a connection for good. Only the first call has an effect. */
function losing({ database, logger }: Dependencies, { database: settings }: Configuration) {
  let current = database;
  return {
    database: {
      ...database,
      query: (statement, values) => current.query(statement, values),
      close: () => current.close(),
    } satisfies Database,
    lose() {
      if (current !== database) return;
      current = createDatabase({ ...settings, poolMax: settings.poolMax - 1 }, logger);
      void database.close();
    },
  };
}

export const defects = [
  ...caughtBy('chaos/database-outage', 'acknowledged-before-a-crash', {
    // Commits are not flushed to disk, so that a crash of the database loses the latest ones.
    'commit-not-flushed': {
      check: 'acknowledged before a crash is stored',
      run: withConfiguration((environment) => {
        const url = new URL(environment.DATABASE_URL ?? '');
        url.searchParams.set('options', '-c synchronous_commit=off');
        return loadConfiguration({ ...environment, DATABASE_URL: url.href });
      }),
    },
  }),
  ...caughtBy('chaos/database-outage', 'acknowledged-in-an-outage', {
    // An event is acknowledged although its row could not be written.
    'event-acknowledged-without-its-row': {
      check: 'acknowledged in an outage is stored',
      run: withQuery(
        (database, { logger }) =>
          (statement, values) =>
            database.query<never>(statement, values).catch((error) => {
              if (!/^(INSERT INTO|UPDATE) conversation_events/.test(statement)) throw error;
              logger.error({ error: error.message }, 'the event could not be written');
              if (statement.startsWith('UPDATE')) return [{ event_id: values[0], status: 'complete' }] as never;
              const [user_id, conversation_id, messages] = values;
              const kept = { event_id: randomUUID(), status: 'pending', attempts: 1, analysis: null };
              return [{ ...kept, user_id, conversation_id, messages: JSON.parse(String(messages)) }] as never;
            }),
      ),
    },
  }),
  ...caughtBy('chaos/database-outage', 'not-served-without-database', {
    // An error of a read is taken for an empty result, so that a stored conversation is not found.
    'nothing-found-without-the-database': {
      check: 'without the database: conversation-read',
      says: 'An error of the database is taken for an empty result',
      run: withQuery(
        (database) => (statement, values) =>
          database.query<never>(statement, values).catch((error) => {
            if (statement.startsWith('SELECT') && statement.includes('conversation_events')) return [];
            throw error;
          }),
      ),
    },
  }),
  ...caughtBy('chaos/database-outage', 'database-outage-survived', {
    // The connection of a query that timed out is never returned to the pool.
    'connections-lost-with-timeouts': {
      check: 'recovers by itself: blackhole',
      says: 'The pool leaks',
      run: withParts(({ database }, { database: { poolMax, acquireTimeoutMs } }) => {
        let lost = 0;
        const watched = watchQueries(database, (error) => {
          const { cause } = error as Error;
          if (cause instanceof Error && cause.message.includes('timeout')) lost += 1;
          return error;
        });
        return {
          database: {
            ...watched,
            async query(statement, values) {
              if (lost < poolMax) return watched.query(statement, values);
              await sleep(acquireTimeoutMs);
              throw poolExhausted('No connection has been returned.');
            },
          },
        };
      }),
    },
    // A database failure is reported to the caller as an internal error.
    'database-loss-is-an-internal-error': {
      check: 'answers in time: terminate',
      run: withQueryErrors((error) => new Error('the query failed', { cause: error })),
    },
    // Once the database has been lost, no further queries are sent to it.
    'database-never-reconnected': {
      check: 'recovers by itself: terminate',
      run: withParts(({ database }) => {
        let lost: ServiceError | undefined;
        const watched = watchQueries(database, (error) => {
          if (error instanceof ServiceError && error.code === 'database_unavailable') lost = error;
          return error;
        });
        return {
          database: {
            ...watched,
            query: (statement, values) => (lost ? Promise.reject(lost) : watched.query(statement, values)),
          },
        };
      }),
    },
    // Queries have no timeout, so an unresponsive server blocks them.
    'database-silence-waited-out': {
      check: 'answers in time: blackhole',
      run: withSettings({ DATABASE_STATEMENT_TIMEOUT_MS: '3600000' }),
    },
  }),
  ...caughtBy('chaos/termination', 'acknowledged-is-stored', {
    // An event is acknowledged before it is written.
    'acknowledges-before-it-stores': {
      check: 'acknowledged is stored: SIGKILL',
      run: withQuery((database) => async (statement, values) => {
        if (statement.includes('UPDATE conversation_events'))
          return [{ event_id: values[0], status: 'complete' }] as never;
        if (!statement.includes('INSERT INTO conversation_events')) return database.query(statement, values);
        setTimeout(() => database.query(statement, values).catch(() => {}), WRITE_BEHIND_MS);
        const [user_id, conversation_id, messages] = values;
        const kept = { event_id: randomUUID(), status: 'pending', attempts: 1, analysis: null };
        return [{ ...kept, user_id, conversation_id, messages: JSON.parse(String(messages)) }] as never;
      }),
    },
  }),
  ...caughtBy('chaos/termination', 'lost-reply-stored-once', {
    // An insert that failed is reported to the caller, but repeated later under another id.
    'failed-insert-repeated-later': {
      check: 'stored once although the reply is lost',
      run: withQuery((database) => async (statement, values) => {
        if (!statement.includes('INSERT INTO conversation_events')) return database.query(statement, values);
        return database.query<never>(statement, values).catch((error) => {
          const again = () => database.query<never>(statement, [`${values[0]}-again`, ...values.slice(1)]);
          setTimeout(() => again().catch(() => {}), 200);
          throw error;
        });
      }),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'pool-ceiling', {
    // The pool opens fewer connections than promised.
    'pool-smaller-than-promised': {
      check: 'pool reaches its maximum',
      run: withSettings({ DATABASE_POOL_MAX: '4' }),
    },
    // The pool opens any number of connections.
    'pool-without-ceiling': {
      check: 'pool never passes its maximum',
      run: withSettings({ DATABASE_POOL_MAX: '80' }),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'pool-free-during-upstream-calls', {
    // A database connection is held during a call to the LLM.
    'connection-held-during-upstream-call': {
      check: 'pool free during upstream calls: groq in conversation-end',
      run: withInvoke((llm, { database }) => async (prompt, budget) => {
        const [answer] = await Promise.all([llm.invoke(prompt, budget), database.query('SELECT pg_sleep(0.9)', [])]);
        return answer;
      }),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'pool-leaks-nothing', {
    // If a call of an upstream fails, a connection is never returned to the pool.
    'connection-lost-with-a-failing-upstream': {
      check: 'pool leaks nothing',
      says: 'The pool leaks: 1 connection is not available',
      run: withParts((parts, configuration) => {
        const { database, lose } = losing(parts, configuration);
        const invoke: typeof parts.llm.invoke = (...call) =>
          parts.llm.invoke(...call).catch((error) => {
            lose();
            throw error;
          });
        return { database, llm: { invoke } };
      }),
    },
    // If a client disconnects during its query, the connection is never returned to the pool.
    'connection-lost-with-its-client': {
      check: 'pool leaks nothing',
      run: withParts((parts, configuration) => {
        const { database, lose } = losing(parts, configuration);
        const conversationsRead: RequestHandler = (request, response, next) => {
          response.on('close', () => response.writableFinished || lose());
          parts.limiters.conversationsRead(request, response, next);
        };
        return { database, limiters: { ...parts.limiters, conversationsRead } };
      }),
    },
    // The connection of a failed query is never returned to the pool.
    'pool-leaks-a-connection': {
      check: 'pool leaks nothing',
      run: withParts((parts, configuration) => {
        const { database, lose } = losing(parts, configuration);
        return {
          database: watchQueries(database, (error) => {
            if ((error as ServiceError).code === 'database_unavailable') lose();
            return error;
          }),
        };
      }),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'pool-recovers', {
    // After one rejection, the pool keeps rejecting queries for a while, even if connections are free.
    'pool-sulks-after-a-refusal': {
      check: 'pool recovers',
      run: withParts(({ database }) => {
        let until = 0;
        const watched = watchQueries(database, (error) => {
          if (error instanceof ServiceError && error.code === 'database_pool_exhausted') until = Date.now() + 3_000;
          return error;
        });
        return {
          database: {
            ...watched,
            async query(statement, values) {
              if (Date.now() < until)
                throw new ServiceError('database_pool_exhausted', 'later', { retryAfterSeconds: 1 });
              return watched.query(statement, values);
            },
          },
        };
      }),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'pool-refuses-the-rest', {
    // The rows of a query that takes more than half a second are discarded, and the call is rejected.
    'late-rows-thrown-away': {
      check: 'pool serves calls that hold a connection',
      run: withQuery((database) => async (statement, values) => {
        const began = Date.now();
        const rows = await database.query<never>(statement, values);
        if (Date.now() - began > 500) throw databaseUnavailable('too slow');
        return rows;
      }),
    },
    // Any number of queries may wait for a connection.
    'pool-with-unbounded-queue': {
      check: 'pool bounds its queue',
      run: withSettings({ DATABASE_QUEUE_MAX: '1000000' }),
    },
    // Waiting for a connection has no timeout.
    'pool-without-acquire-timeout': {
      check: 'pool refuses the rest in time',
      run: withSettings({ DATABASE_ACQUIRE_TIMEOUT_MS: '3600000' }),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'pool-refusals', {
    // If no connection is free, the refusal has the code of a service that is overloaded.
    'pool-refusal-with-another-code': {
      check: 'refusals of the pool are as promised',
      says: 'with error.code overloaded',
      run: withQueryErrors((error) =>
        error instanceof ServiceError && error.code === 'database_pool_exhausted'
          ? new ServiceError('overloaded', 'later', { retryAfterSeconds: 1 })
          : error,
      ),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'pool-says-when', {
    // The Retry-After is 0 if no connection is free.
    'pool-refusal-says-at-once': {
      check: 'refusals have a correct Retry-After',
      run: withQueryErrors((error) => changeError(error, 'database_pool_exhausted', 0)),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'pool-survives-lost-connections', {
    // A server without a free slot (SQLSTATE 53300) is reported as an internal error.
    'slots-refusal-is-an-internal-error': {
      check: 'pool survives lost connections',
      run: withQueryErrors((error) => {
        const { code } = ((error as Error).cause ?? {}) as { code?: string };
        return code === '53300' ? new Error('no slot') : error;
      }),
    },
  }),
  ...caughtBy('stress/smoke', 'ledger-keeps-row', {
    // A row is found by the beginning of its key and of its user.
    'row-found-by-the-beginning-of-its-key': {
      check: 'finds rows by their whole key: conversation-read',
      says: 'A row is found by the beginning of its key',
      run: withQuery(
        (database) => (statement, values) =>
          database.query<never>(
            statement.replace(
              'WHERE conversation_id = $1 AND user_id = $2',
              "WHERE conversation_id LIKE $1 || '%' AND user_id LIKE $2 || '%'",
            ),
            values,
          ),
      ),
    },
    // An event's row has a different conversation ID than the request.
    'event-stored-under-another-id': {
      check: 'ledger keeps a row: conversation-end',
      run: withQuery((database) => (statement, values) => {
        const isInsert = statement.includes('INSERT INTO conversation_events');
        return database.query<never>(statement, isInsert ? values.with(1, `other-${values[1]}`) : values);
      }),
    },
    // The answer that a conversation does not exist is cached for 10 s.
    'not-found-remembered': {
      check: 'shows what is stored: conversation-read',
      run: withQuery((database) => {
        const missing = new Map<string, number>();
        return async (statement, values) => {
          if (!statement.includes('WHERE conversation_id = $1 AND user_id = $2')) {
            return database.query(statement, values);
          }
          const key = values.join('\n');
          if ((missing.get(key) ?? 0) > Date.now()) return [];
          const rows = await database.query<never>(statement, values);
          if (rows.length === 0) missing.set(key, Date.now() + CACHED_MS);
          return rows;
        };
      }),
    },
  }),
  ...caughtBy('stress/smoke', 'pool-endpoint-reads-table', {
    // Conversations are not read from the table named in the contract.
    'reads-without-the-table': {
      check: 'conversation-read reads conversation_events',
      run: withLimiter('conversationsRead', () => (_request, response) => response.status(404).end()),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
