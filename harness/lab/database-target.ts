import { Refusal } from '../../faults/base/refusal.ts';
import type { CertificateKind } from '../../faults/certificates/certificate-kinds.ts';
import type { Certificates } from '../../faults/certificates/certificates.ts';
import { FaultyProxy } from '../../faults/connections/lib/faulty-proxy.ts';
import type { FaultTarget } from '../../faults/control/controlled.ts';
import type { Engaged, FaultKinds, Undo } from '../../faults/kinds/lib/fault.ts';
import { FaultPlan } from '../../faults/plan/fault-plan.ts';
import type { PlannedFault } from '../../faults/plan/planned-fault.ts';
import { TlsDoor } from '../../faults/proxy/tls-door.ts';
import { Receipts } from '../../faults/receipts/receipts.ts';
import { DATABASE } from '../contract/uses-postgres.ts';
import { databaseFaults } from './database-faults/index.ts';
import { Commits } from './database-faults/lib/commits.ts';
import type { FaultyDatabase } from './database-faults/lib/fault.ts';
import type { Database } from './postgres/database.ts';
import type { ServerSwitch } from './postgres/server-switch.ts';

interface Options {
  readonly database: Database;
  /** The certificates for clients that use TLS. If absent, TLS is not available. */
  readonly certificates?: Certificates | undefined;
  /** The table to lock if a fault does not specify one. */
  readonly table: string | undefined;
  /** The tables whose commits can lose their replies. Defaults to none. */
  readonly stores?: readonly string[];
  /** Stops and starts the server. Absent if the lab does not run the server. */
  readonly server: ServerSwitch | undefined;
  /** Whether to count queries. */
  readonly countsCalls?: boolean;
}

/** A scenario's database as a target of faults. Like a fake upstream, it is behind a proxy and has receipts. */
export class DatabaseTarget implements FaultTarget<FaultyDatabase>, FaultyDatabase, AsyncDisposable {
  readonly plan: FaultPlan<FaultyDatabase>;
  readonly kinds: FaultKinds<FaultyDatabase>;
  readonly receipts: Receipts;
  readonly adminUrl: string;
  readonly role: string;
  readonly table: string | undefined;
  /** The URL for the service, which goes through the proxy and uses an ordinary role. */
  readonly url: string;
  /** The same URL with TLS, or undefined if there are no certificates. */
  readonly tlsUrl: string | undefined;
  readonly #commits: Commits | undefined;
  readonly #door: TlsDoor | undefined;
  readonly #proxy: FaultyProxy;
  readonly #server: ServerSwitch | undefined;
  #isTrusted = true;

  private constructor(
    { proxy, door }: { proxy: FaultyProxy; door: TlsDoor | undefined },
    receipts: Receipts,
    { database, table, stores = [], server }: Options,
  ) {
    let faults = 0;
    this.plan = new FaultPlan(() => `f${++faults}`);
    this.kinds = databaseFaults(server !== undefined);
    this.receipts = receipts;
    this.adminUrl = database.adminUrl;
    this.role = database.role;
    this.table = table;
    const urlAt = (port: number) =>
      Object.assign(new URL(database.url), { hostname: '127.0.0.1', port: String(port) }).href;
    this.url = urlAt(proxy.port);
    this.tlsUrl = door && urlAt(door.port);
    this.#commits = stores.length === 0 ? undefined : new Commits(proxy, stores);
    this.#door = door;
    this.#proxy = proxy;
    this.#server = server;
    this.plan.actOn(this);
  }

  static async start(options: Options): Promise<DatabaseTarget> {
    const { hostname, port } = new URL(options.database.url);
    const receipts = new Receipts();
    const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 5432 };
    const calls = options.countsCalls ? 'postgres' : undefined;
    const proxy = await FaultyProxy.start({ target, receipts, name: DATABASE, calls });
    const { certificates } = options;
    const door = certificates && (await TlsDoor.start({ port: proxy.port, certificates, receipts, name: DATABASE }));
    return new DatabaseTarget({ proxy, door }, receipts, options);
  }

  /**
   * Presents the given certificate to new TLS connections, and closes open ones.
   *
   * @throws Refusal `no-tls` if the contract does not use TLS for the database
   */
  async useCertificate(kind: CertificateKind): Promise<void> {
    if (!this.#door) {
      throw new Refusal(
        'no-tls',
        'the database serves no TLS; allowed if the contract uses ${postgres.tls} in a setting',
      );
    }
    this.#isTrusted = kind === 'trusted';
    await this.#door.useCertificate(kind);
  }

  healAll(): PlannedFault<FaultyDatabase>[] {
    if (!this.#isTrusted) void this.useCertificate('trusted');
    return this.plan.healAll();
  }

  get countsCalls(): boolean {
    return this.#proxy.countsCalls;
  }

  refuse(fault: Engaged): Undo {
    return this.#proxy.refuse(fault);
  }

  disrupt(...args: Parameters<FaultyProxy['disrupt']>): Undo {
    return this.#proxy.disrupt(...args);
  }

  loseReplies(fault: Engaged): Undo {
    if (!this.#commits)
      throw new Refusal(
        'invalid-field',
        'the contract describes no ledger and no tool with a table; allowed after adding `ledger` or `tools`',
      );
    return this.#commits.loseReplies(fault);
  }

  countConnections(fault: Engaged): void {
    this.#proxy.countConnections(fault);
  }

  span(fault: Engaged): () => void {
    return this.#proxy.span(fault);
  }

  stopServer(): Promise<() => Promise<void>> {
    if (!this.#server) throw new Error('the lab does not run this server');
    return this.#server.stop();
  }

  /** Heals all faults and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.healAll().map((fault) => fault.settled()));
    await this.#door?.[Symbol.asyncDispose]();
    await this.#proxy[Symbol.asyncDispose]();
  }
}
