import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { type Certificates, createCertificates } from '../../faults/certificates/certificates.ts';
import { now } from '../base/clock.ts';
import { ProofloadError } from '../base/errors.ts';
import { secrets } from '../base/secrets.ts';
import type { Contract, Numbers } from '../contract/contract.ts';
import type { ConnectionSample, FaultEvent, ServiceEvent, StartAttempt, Transition } from '../history/events.ts';
import type { History } from '../history/history.ts';
import { transitionReader } from '../history/transitions.ts';
import { freePort } from '../process/readiness.ts';
import type { Parties } from '../watch/watch-starvation.ts';
import { DatabaseTarget } from './database-target.ts';
import type { Fakes } from './fakes.ts';
import type { Breakable } from './fault-control.ts';
import { FoundService, notOurs } from './found-service.ts';
import type { Lab } from './lab.ts';
import { asksForTls, type Launch, launchOf, newSecret } from './launch.ts';
import { ConnectionSampler } from './postgres/connection-sampler.ts';
import { asAdmin, createDatabase } from './postgres/database.ts';
import { RunningService } from './running-service.ts';
import { Service } from './service.ts';
import { attemptStart } from './start-attempt.ts';

export interface BenchOptions {
  lab: Lab;
  contract: Contract;
  numbers: Numbers;
  conditions: readonly string[];
  /** Further processes of the service on the same database: the conditions of each. */
  beside: readonly (readonly string[])[];
  /** Where everything that happens goes. */
  history: Pick<History, 'add'>;
  /** Where the service's log goes, and those of further processes. */
  folder: string;
  /** Hears of each line of the service's log. */
  onLine?: (line: string) => void;
}

/** The service that a scenario is about, however it came to run. */
type ServiceUnderTest = Pick<RunningService, 'url' | 'pid' | 'gone' | 'restart' | typeof Symbol.asyncDispose>;

/** All that one scenario has for itself: a database, a fresh service process, and what can be done to them. */
export class ScenarioLab implements AsyncDisposable, Breakable {
  readonly service: ServiceUnderTest;
  /** Further processes of the service. */
  readonly others: readonly ServiceUnderTest[];
  readonly database: DatabaseTarget;
  /** What the service was started with. */
  readonly environment: Record<string, string>;
  readonly #options: BenchOptions;
  readonly #sampler: ConnectionSampler;
  readonly #resources: AsyncDisposableStack;
  readonly #firstReceipt: number;
  readonly #secret: string;

  private constructor(
    options: BenchOptions,
    parts: Pick<ScenarioLab, 'service' | 'others' | 'environment'> & {
      database: DatabaseTarget;
      sampler: ConnectionSampler;
      firstReceipt: number;
      secret: string;
    },
    resources: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.service = parts.service;
    this.others = parts.others;
    this.environment = parts.environment;
    this.database = parts.database;
    this.#sampler = parts.sampler;
    this.#firstReceipt = parts.firstReceipt;
    this.#secret = parts.secret;
    this.#resources = resources;
    resources.defer(() => this.healAll());
  }

  static async open(options: BenchOptions): Promise<ScenarioLab> {
    const { lab, history } = options;
    await using resources = new AsyncDisposableStack();
    const firstReceipt = await lab.fakes.lastReceipt();
    const own = resources.use(await createDatabase(lab.postgres.adminUrl));
    const table = options.contract.pool?.table;
    const certificates = await certificatesFor(options);
    const { server } = lab.postgres;
    const database = resources.use(await DatabaseTarget.start({ database: own, table, server, certificates }));
    const secret = newSecret();
    const start = async (conditions: readonly string[], process?: number) => {
      const port = await freePort();
      const launch = launchAt(port, { ...options, conditions }, database, secret);
      const service = resources.use(await serviceOf(options, launch, port, process));
      return { service, environment: launch.environment };
    };
    const { service, environment } = await start(options.conditions);
    const others: ServiceUnderTest[] = [];
    for (const [index, conditions] of options.beside.entries()) {
      others.push((await start(conditions, index + 2)).service);
    }
    const sampler = resources.use(await ConnectionSampler.start(database.adminUrl, database.role, history.add));
    const parts = { database, service, others, environment, sampler, firstReceipt, secret };
    return new ScenarioLab(options, parts, resources.move());
  }

  /** Resolves when a process of the service has ended that nobody had asked to. */
  get gone(): Promise<void> {
    return Promise.race([this.service, ...this.others].map(({ gone }) => gone));
  }

  async beginPhase(name: string): Promise<void> {
    const receipts = await this.#options.lab.fakes.lastReceipt();
    this.#options.history.add({ type: 'phase', at: now(), name, receipts });
  }

  /** Whose processes a request may have to wait for; without those that run elsewhere, as in a container. */
  get parties(): Parties {
    const { postgres, fakes } = this.#options.lab;
    const services = [this.service, ...this.others];
    const isOurs = services.every(({ pid }) => pid !== undefined);
    const of = (pid: number | undefined) => () => (pid === undefined ? [] : [pid]);
    return {
      lab: { pids: of(process.pid), threads: 'main' },
      ...(isOurs && { service: { pids: () => services.flatMap(({ pid }) => pid ?? []), threads: 'all' } }),
      ...(postgres.pid !== undefined && { database: { pids: of(postgres.pid), threads: 'all' } }),
      ...(fakes.pid !== undefined && { fakes: { pids: of(fakes.pid), threads: 'main' } }),
    };
  }

  get contract(): Contract {
    return this.#options.contract;
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
    const { contract, history, lab } = this.#options;
    if (contract.start.running) throw notOurs('be started with other settings');
    const port = await freePort();
    const { command, environment } = launchAt(port, this.#options, this.database, this.#secret);
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
   * Writes into the history how many rows the contract's ledger has for each key, or why it can't be read.
   *
   * @throws ProofloadError LAB_REQUEST_INVALID where the contract describes none.
   */
  async readLedger(): Promise<{ keys: number }> {
    const { contract, history } = this.#options;
    if (!contract.ledger) throw new ProofloadError('LAB_REQUEST_INVALID', 'the contract describes no ledger');
    const [table, column] = [contract.ledger.table, contract.ledger.column].map((name) => pg.escapeIdentifier(name));
    const asked = `SELECT ${column}::text AS key, count(*)::int AS rows FROM ${table} GROUP BY 1`;
    const read = await asAdmin(this.database.adminUrl, (client) =>
      client.query<{ key: string; rows: number }>(asked).catch(whyNot),
    );
    const rows = 'rows' in read ? Object.fromEntries(read.rows.map((one) => [one.key, one.rows])) : {};
    history.add({ type: 'stored', at: now(), rows, ...('problem' in read && { problem: read.problem }) });
    return { keys: Object.keys(rows).length };
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

/** Where the certificate of the authority is that signs for the database. */
const databaseCa = ({ folder }: BenchOptions): string => resolve(folder, 'database-ca.pem');

/** What the database shows to a service that asks for it over TLS; nothing where it does not. */
async function certificatesFor(options: BenchOptions): Promise<Certificates | undefined> {
  const started = [options.conditions, ...options.beside];
  if (!started.some((conditions) => asksForTls(options.contract, options.numbers, conditions))) return undefined;
  const certificates = await createCertificates();
  await writeFile(databaseCa(options), certificates.ca);
  return certificates;
}

function launchAt(port: number, options: BenchOptions, database: DatabaseTarget, secret: string): Launch {
  const { contract, numbers, conditions, lab } = options;
  const { upstreams, ca } = lab.fakes;
  const postgresTls = database.tlsUrl ? { url: database.tlsUrl, ca: databaseCa(options) } : undefined;
  const supplies = { port, postgres: database.url, postgresTls, upstreams, ca, secret };
  return launchOf(contract, numbers, conditions, supplies);
}

/** What the server says of a table or a column that is not there (SQLSTATE 42…). @throws The error, where it is another. */
function whyNot(error: unknown): { problem: string } {
  if (error instanceof pg.DatabaseError && error.code?.startsWith('42')) return { problem: error.message };
  throw error;
}

function withSettings(environment: Record<string, string>, settings: Record<string, string | null>) {
  const changed = Object.entries({ ...environment, ...settings });
  return Object.fromEntries(changed.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** @param process Its number, where it is not the first of several. */
function serviceOf(options: BenchOptions, launch: Launch, port: number, process?: number): Promise<ServiceUnderTest> {
  const { contract, numbers, history, lab, folder } = options;
  const { running } = contract.start;
  const readTransition = transitionReader(contract, numbers);
  const record = (event: ServiceEvent | Transition) =>
    history.add({ ...event, ...(process !== undefined && { process }) });
  const common = {
    ...{ contract, logFile: join(folder, process === undefined ? 'service.log' : `service-${process}.log`), record },
    onLine: (line: string) => {
      const shown = secrets.redact(line);
      options.onLine?.(shown);
      // The contract's patterns are of what the service says.
      const transition = readTransition(line, now());
      if (transition) record({ ...transition, line: shown });
    },
  };
  if (running) return FoundService.find({ ...common, running });
  return RunningService.start(() => Service.start({ ...common, launch, port, reaper: lab.reaper }));
}
