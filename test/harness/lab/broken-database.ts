import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { faultOperations } from '../../../faults/control/fault-operations.ts';
import type { ConnectionReceipt, Receipt } from '../../../faults/receipts/receipt.ts';
import { DATABASE } from '../../../harness/contract/uses-postgres.ts';
import { DatabaseTarget } from '../../../harness/lab/database-target.ts';
import { createDatabase } from '../../../harness/lab/postgres/database.ts';
import { startPostgres } from '../../../harness/lab/postgres/postgres.ts';
import type { Postgres } from '../../../harness/lab/postgres/running-postgres.ts';
import { Reaper } from '../../../harness/process/reaper.ts';
import { findOperation } from '../../support/find-operation.ts';

/** A database with a table `events`, behind the same proxy and faults as in a scenario. */
export class BrokenDatabase implements AsyncDisposable {
  readonly target: DatabaseTarget;
  readonly #resources: AsyncDisposableStack;

  private constructor(target: DatabaseTarget, resources: AsyncDisposableStack) {
    this.target = target;
    this.#resources = resources;
  }

  static async on(server: Postgres): Promise<BrokenDatabase> {
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await createDatabase(server.adminUrl));
    const options = { database, table: 'events', stores: ['events'], server: server.server };
    const target = resources.use(await DatabaseTarget.start(options));
    const client = await connect(target.url);
    await client.query('CREATE TABLE events (id int)');
    await client.end();
    return new BrokenDatabase(target, resources.move());
  }

  /**
   * Calls an operation on the database's faults.
   *
   * @throws Refusal with the API's error response
   */
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  async control(method: string, id = '', body?: unknown): Promise<any> {
    const operations = faultOperations({ upstreams: new Map([[DATABASE, this.target]]) });
    const found = findOperation(operations, method, `/upstreams/${DATABASE}/faults${id}`);
    const call = { params: found?.params ?? {}, query: {}, body };
    return await found?.operation.prepare(call)(undefined as never);
  }

  inject = (fault: Record<string, unknown>) => this.control('POST', '', fault);
  heal = () => this.control('DELETE');

  /** Returns the counts of the most recent fault. */
  async lastFault(): Promise<Record<string, unknown>> {
    return (await this.control('GET')).faults.at(-1);
  }

  connect = (): Promise<pg.Client & AsyncDisposable> => connect(this.target.url);
  /** Connects as the administrator, without the proxy. */
  direct = (): Promise<pg.Client & AsyncDisposable> => connect(this.target.adminUrl);

  /** Returns the number of backends for the service's role. */
  async backends(): Promise<number> {
    await using admin = await this.direct();
    const counted = 'SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = $1';
    return (await admin.query(counted, [this.target.role])).rows[0].n;
  }

  /** Returns the receipts that name a fault. */
  receiptsOf = (fault: string): Extract<Receipt, { faults: unknown }>[] =>
    this.target.receipts
      .after(0)
      .filter((receipt) => 'faults' in receipt)
      .filter(({ faults }) => faults.includes(fault));

  get connections(): ConnectionReceipt[] {
    return this.target.receipts.after(0).filter((receipt) => receipt.kind === 'connection');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

async function connect(connectionString: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {}); // the failing query reports the error
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Returns the code or message of a rejection. */
export const failureOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: Error & { code?: string }) => error.code ?? error.message,
  );

/** Sets up one server for all tests in a file, and one database per test. */
export function useBrokenDatabase(): { readonly server: Postgres; readonly database: BrokenDatabase } {
  const resources = new AsyncDisposableStack();
  let server: Postgres;
  let database: BrokenDatabase;
  beforeAll(async () => {
    const reaper = resources.use(new Reaper());
    server = resources.use(await startPostgres(process.env.POSTGRES ?? 'embedded', reaper));
  }, 60_000);
  afterAll(() => resources.disposeAsync());
  beforeEach(async () => {
    database = await BrokenDatabase.on(server);
  });
  afterEach(() => database[Symbol.asyncDispose]());
  return {
    get server() {
      return server;
    },
    get database() {
      return database;
    },
  };
}

/** Whether a promise is still pending after this many milliseconds. */
export const isPending = (promise: Promise<unknown>, afterMs: number): Promise<boolean> =>
  Promise.race([promise.then(() => false), sleep(afterMs, true)]);

/** Resolves when a client has lost its connection. */
export const ended = (client: pg.Client): Promise<void> =>
  new Promise((resolve) => client.once('end', () => resolve()));
