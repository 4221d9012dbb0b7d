import { join } from 'node:path';
import { now } from '../clock.ts';
import type { Contract, Numbers } from '../contract.ts';
import { ProofloadError } from '../errors.ts';
import type { ConnectionSample, StartAttempt } from '../history/events.ts';
import type { History } from '../history/history.ts';
import { transitionReader } from '../history/transitions.ts';
import { ConnectionSampler } from './connection-sampler.ts';
import { type HeldSlots, takeSlots } from './connection-slots.ts';
import { createDatabase, type Database, terminateBackends } from './database.ts';
import type { Lab } from './lab.ts';
import { type Launch, launchOf } from './launch.ts';
import { freePort } from './readiness.ts';
import { Service } from './service.ts';
import { attemptStart } from './start-attempt.ts';
import { lockTable, type TableLock } from './table-lock.ts';

export interface BenchOptions {
  lab: Lab;
  contract: Contract;
  numbers: Numbers;
  conditions: readonly string[];
  history: History;
  /** Where the service's log goes. */
  folder: string;
  onPhase: (name: string) => void;
}

/** All that one scenario has for itself: a database, a fresh service process, and what can be done to them. */
export class Bench implements AsyncDisposable {
  readonly service: Service;
  readonly #options: BenchOptions;
  readonly #database: Database;
  readonly #sampler: ConnectionSampler;
  readonly #resources: AsyncDisposableStack;
  readonly #firstReceipt: number;
  #lock: TableLock | undefined;
  #slots: HeldSlots | undefined;

  private constructor(
    options: BenchOptions,
    parts: { database: Database; service: Service; sampler: ConnectionSampler; firstReceipt: number },
    resources: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.service = parts.service;
    this.#database = parts.database;
    this.#sampler = parts.sampler;
    this.#firstReceipt = parts.firstReceipt;
    this.#resources = resources;
    resources.defer(() => this.unlockTable());
    resources.defer(() => this.giveSlotsBack());
  }

  static async open(options: BenchOptions): Promise<Bench> {
    const { lab, history } = options;
    await using resources = new AsyncDisposableStack();
    const firstReceipt = await lab.fakes.lastReceipt();
    resources.defer(() => lab.fakes.healAll());
    const database = resources.use(await createDatabase(lab.postgres.adminUrl));
    const service = resources.use(await startService(options, database));
    const sampler = resources.use(await ConnectionSampler.start(database.adminUrl, database.role, history.add));
    return new Bench(options, { database, service, sampler, firstReceipt }, resources.move());
  }

  async beginPhase(name: string): Promise<void> {
    const receipts = await this.#options.lab.fakes.lastReceipt();
    this.#options.history.add({ type: 'phase', at: now(), name, receipts });
    this.#options.onPhase(name);
  }

  /** @returns The fault's id. */
  async addFault(upstream: string, asked: Record<string, unknown>): Promise<{ id: string }> {
    const { id } = await this.#options.lab.fakes.addFault(upstream, asked);
    this.#options.history.add({ type: 'fault', at: now(), upstream, id, asked });
    return { id };
  }

  async heal(upstream: string): Promise<void> {
    await this.#options.lab.fakes.heal(upstream);
    this.#options.history.add({ type: 'fault', at: now(), upstream, asked: {} });
  }

  useCertificate(upstream: string, kind: string): Promise<void> {
    return this.#options.lab.fakes.useCertificate(upstream, kind);
  }

  arrivals(upstream: string): Promise<{ requests: number; handshakesFailed: number }> {
    return this.#options.lab.fakes.arrivals(upstream);
  }

  /** Makes every query on the contract's table wait. Does nothing where it is locked already. */
  async lockTable(): Promise<void> {
    const { pool } = this.#options.contract;
    if (!pool) throw new ProofloadError('LAB_REQUEST_INVALID', 'the contract names no table that could be locked');
    this.#lock ??= await lockTable(this.#database.adminUrl, pool.table);
  }

  async unlockTable(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }

  /** @returns How many connection slots were taken away, so that plain roles can open only `leave` more. */
  async takeSlots(leave: number): Promise<number> {
    await this.giveSlotsBack();
    this.#slots = await takeSlots(this.#database.adminUrl, leave);
    return this.#slots.taken;
  }

  async giveSlotsBack(): Promise<void> {
    const slots = this.#slots;
    this.#slots = undefined;
    await slots?.release();
  }

  /** The newest sample of the service's connections. */
  get connections(): ConnectionSample | undefined {
    return this.#sampler.latest;
  }

  /** @returns How many connections of the service were ended. */
  terminateBackends(): Promise<number> {
    return terminateBackends(this.#database.adminUrl, this.#database.role);
  }

  /** Tries to start a second service with some settings changed, or (null) absent. */
  async attemptStart(about: string, settings: Record<string, string | null>): Promise<StartAttempt> {
    const port = await freePort();
    const { contract, history, lab } = this.#options;
    const { command, environment } = launchAt(port, this.#options, this.#database);
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

  /** Writes what arrived at the fakes since the bench was opened into the history. */
  async collectReceipts(): Promise<void> {
    const receipts = await this.#options.lab.fakes.receipts(this.#firstReceipt);
    receipts.forEach(this.#options.history.add);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

function launchAt(port: number, { contract, numbers, conditions, lab }: BenchOptions, database: Database): Launch {
  const { upstreams, ca } = lab.fakes;
  return launchOf(contract, numbers, conditions, { port, postgres: database.url, upstreams, ca });
}

function withSettings(environment: Record<string, string>, settings: Record<string, string | null>) {
  const changed = Object.entries({ ...environment, ...settings });
  return Object.fromEntries(changed.filter((entry): entry is [string, string] => entry[1] !== null));
}

async function startService(options: BenchOptions, database: Database): Promise<Service> {
  const { contract, numbers, history, lab, folder } = options;
  const port = await freePort();
  const readTransition = transitionReader(contract, numbers);
  return Service.start({
    contract,
    launch: launchAt(port, options, database),
    port,
    reaper: lab.reaper,
    logFile: join(folder, 'service.log'),
    record: history.add,
    onLine: (line) => {
      const transition = readTransition(line, now());
      if (transition) history.add(transition);
    },
  });
}
