import { join } from 'node:path';
import pg from 'pg';
import { now } from '../clock.ts';
import type { Contract, Numbers } from '../contract.ts';
import { ProofloadError } from '../errors.ts';
import type { ConnectionSample, FaultEvent, StartAttempt } from '../history/events.ts';
import type { History } from '../history/history.ts';
import { transitionReader } from '../history/transitions.ts';
import { ConnectionSampler } from './connection-sampler.ts';
import { asAdmin, createDatabase } from './database.ts';
import { DatabaseTarget } from './database-target.ts';
import type { Fakes } from './fakes.ts';
import type { Breakable } from './fault-control.ts';
import type { Lab } from './lab.ts';
import { type Launch, launchOf } from './launch.ts';
import { freePort } from './readiness.ts';
import { RunningService } from './running-service.ts';
import { Service } from './service.ts';
import { attemptStart } from './start-attempt.ts';

export interface BenchOptions {
  lab: Lab;
  contract: Contract;
  numbers: Numbers;
  conditions: readonly string[];
  /** Where everything that happens goes. */
  history: Pick<History, 'add'>;
  /** Where the service's log goes. */
  folder: string;
  /** Hears of each line of the service's log. */
  onLine?: (line: string) => void;
}

/** All that one scenario has for itself: a database, a fresh service process, and what can be done to them. */
export class Bench implements AsyncDisposable, Breakable {
  readonly service: RunningService;
  readonly database: DatabaseTarget;
  /** What the service was started with. */
  readonly environment: Record<string, string>;
  readonly #options: BenchOptions;
  readonly #sampler: ConnectionSampler;
  readonly #resources: AsyncDisposableStack;
  readonly #firstReceipt: number;

  private constructor(
    options: BenchOptions,
    parts: Pick<Bench, 'service' | 'environment'> & {
      database: DatabaseTarget;
      sampler: ConnectionSampler;
      firstReceipt: number;
    },
    resources: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.service = parts.service;
    this.environment = parts.environment;
    this.database = parts.database;
    this.#sampler = parts.sampler;
    this.#firstReceipt = parts.firstReceipt;
    this.#resources = resources;
    resources.defer(() => this.healAll());
  }

  static async open(options: BenchOptions): Promise<Bench> {
    const { lab, history } = options;
    await using resources = new AsyncDisposableStack();
    const firstReceipt = await lab.fakes.lastReceipt();
    const own = resources.use(await createDatabase(lab.postgres.adminUrl));
    const table = options.contract.pool?.table;
    const database = resources.use(await DatabaseTarget.start({ database: own, table, server: lab.postgres.server }));
    const port = await freePort();
    const launch = launchAt(port, options, database);
    const service = resources.use(await RunningService.start(() => startService(options, launch, port)));
    const sampler = resources.use(await ConnectionSampler.start(database.adminUrl, database.role, history.add));
    const { environment } = launch;
    return new Bench(options, { database, service, environment, sampler, firstReceipt }, resources.move());
  }

  async beginPhase(name: string): Promise<void> {
    const receipts = await this.#options.lab.fakes.lastReceipt();
    this.#options.history.add({ type: 'phase', at: now(), name, receipts });
  }

  get fakes(): Fakes {
    return this.#options.lab.fakes;
  }

  record = (event: FaultEvent): void => this.#options.history.add(event);

  /** Heals every fault: of the upstreams, with their certificates, and of the database. */
  async healAll(): Promise<void> {
    const healed = this.database.healAll().map((fault) => fault.settled());
    await Promise.all([...healed, this.fakes.healAll()]);
  }

  /** The newest sample of the service's connections. */
  get connections(): ConnectionSample | undefined {
    return this.#sampler.latest;
  }

  /** Tries to start a second service with some settings changed, or (null) absent. */
  async attemptStart(about: string, settings: Record<string, string | null>): Promise<StartAttempt> {
    const port = await freePort();
    const { contract, history, lab } = this.#options;
    const { command, environment } = launchAt(port, this.#options, this.database);
    const attempt = await attemptStart({
      about,
      command,
      environment: withSettings(environment, settings),
      readyUrl: `http://127.0.0.1:${port}${contract.start.readyPath}`,
      reaper: lab.reaper,
    });
    history.add(attempt);
    return attempt;
  }

  /**
   * Writes into the history how many rows the contract's ledger has for each key.
   *
   * @throws ProofloadError LAB_REQUEST_INVALID where the contract describes none.
   */
  async readLedger(): Promise<{ keys: number }> {
    const { contract, history } = this.#options;
    if (!contract.ledger) throw new ProofloadError('LAB_REQUEST_INVALID', 'the contract describes no ledger');
    const [table, column] = [contract.ledger.table, contract.ledger.column].map((name) => pg.escapeIdentifier(name));
    const { rows } = await asAdmin(this.database.adminUrl, (client) =>
      client.query<{ key: string; rows: number }>(
        `SELECT ${column}::text AS key, count(*)::int AS rows FROM ${table} GROUP BY 1`,
      ),
    );
    const stored = Object.fromEntries(rows.map((one) => [one.key, one.rows]));
    history.add({ type: 'stored', at: now(), rows: stored });
    return { keys: rows.length };
  }

  /** Writes what arrived at the fakes and at the database since the bench was opened into the history. */
  async collectReceipts(): Promise<void> {
    const { history } = this.#options;
    const last = await this.fakes.lastReceipt();
    const receipts = await this.fakes.receipts(this.#firstReceipt);
    receipts.forEach(history.add);
    history.add({ type: 'count', at: now(), of: 'first receipt', value: this.#firstReceipt + 1 });
    history.add({ type: 'count', at: now(), of: 'last receipt', value: last });
    for (const receipt of this.database.receipts.after(0)) history.add({ ...receipt, type: 'receipt' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

function launchAt(
  port: number,
  { contract, numbers, conditions, lab }: BenchOptions,
  database: DatabaseTarget,
): Launch {
  const { upstreams, ca } = lab.fakes;
  return launchOf(contract, numbers, conditions, { port, postgres: database.url, upstreams, ca });
}

function withSettings(environment: Record<string, string>, settings: Record<string, string | null>) {
  const changed = Object.entries({ ...environment, ...settings });
  return Object.fromEntries(changed.filter((entry): entry is [string, string] => entry[1] !== null));
}

function startService(options: BenchOptions, launch: Launch, port: number): Promise<Service> {
  const { contract, numbers, history, lab, folder } = options;
  const readTransition = transitionReader(contract, numbers);
  return Service.start({
    contract,
    launch,
    port,
    reaper: lab.reaper,
    logFile: join(folder, 'service.log'),
    record: history.add,
    onLine: (line) => {
      options.onLine?.(line);
      const transition = readTransition(line, now());
      if (transition) history.add(transition);
    },
  });
}
