import { randomBytes } from 'node:crypto';
import { now, pause } from '../base/clock.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import type { Contract } from '../contract/contract.ts';
import type { PhaseData } from '../contract/phases.ts';
import { isIssued } from '../contract/schema/authentication.ts';
import type { EndSignal } from '../contract/schema/termination.ts';
import type { ConnectionSample, FaultEvent, Receipt, StartAttempt } from '../history/events.ts';
import type { Numbers, SourceSeries } from '../history/series.ts';
import { Freeze } from '../process/freeze.ts';
import { freePort } from '../process/readiness.ts';
import type { Parties } from '../watch/watch-starvation.ts';
import { MutatedWire } from '../wire/mutated-wire.ts';
import { BegunPhases } from './begun-phases.ts';
import { hasCondition } from './circumstances.ts';
import type { DatabaseTarget } from './database-target.ts';
import type { Fakes } from './fakes.ts';
import type { Breakable } from './fault-control.ts';
import { Front } from './front.ts';
import { ModelConversations } from './model-conversations.ts';
import { MoreConnections } from './more-connections.ts';
import { databaseCa, openDatabase } from './open-database.ts';
import { ConnectionSampler } from './postgres/connection-sampler.ts';
import { queryNumber } from './query-number.ts';
import { readLedger } from './read-ledger.ts';
import { readToolTables } from './read-tool-tables.ts';
import type { ScenarioLabOptions } from './scenario-lab-options.ts';
import { attemptStart } from './service/attempt-start.ts';
import { notStartedHere } from './service/external-service.ts';
import { type KnownSecrets, knownSecrets } from './service/known-secrets.ts';
import { launchOf, newSecret, type PreparedLaunch } from './service/launch.ts';
import { FileSearch, type FileSearchOptions } from './service/search-files.ts';
import { searchLog, searchTelemetry } from './service/search-log.ts';
import { createServiceFolder, writeServiceFiles } from './service/service-folder.ts';
import { type ServiceUnderTest, startService } from './service/start-service.ts';
import type { Flaw } from './tokens/flaws.ts';
import type { TokenIssuer } from './tokens/token-issuer.ts';
import { receiveOtlp } from './traces/otlp-receiver.ts';
import { UpstreamCaller } from './upstream-caller.ts';
import { withRefusedCalls } from './with-refused-calls.ts';

/** How long the day of a service lasts whose clock is moved, in seconds from when it is started. */
const DAY_SECONDS = 12;

/** A scenario's environment: a database, new service processes, and operations on them. */
export class ScenarioLab implements AsyncDisposable, Breakable {
  readonly service: ServiceUnderTest;
  /** Additional service processes. */
  readonly others: readonly ServiceUnderTest[];
  /** Absent if the contract doesn't use PostgreSQL. */
  readonly database: DatabaseTarget | undefined;
  /** The first service process's environment. */
  readonly environment: Record<string, string>;
  /** The secrets and folders that the service must not reveal. Absent if the contract doesn't promise this. */
  readonly leakTargets: KnownSecrets | undefined;
  /** The first 16 digits of the IDs of all traces that this scenario's requests begin. */
  readonly tracePrefix: string;
  readonly conversations: ModelConversations;
  readonly #options: ScenarioLabOptions;
  readonly #sampler: ConnectionSampler | undefined;
  readonly #resources: AsyncDisposableStack;
  readonly #firstReceipt: number;
  readonly #shared: SharedSupplies;
  readonly #front: Front | undefined;
  readonly #phases = new BegunPhases();
  #freeze: { readonly end: () => void; readonly ended: Promise<void> } | undefined;

  private constructor(
    options: ScenarioLabOptions,
    parts: Pick<ScenarioLab, 'service' | 'others' | 'environment' | 'leakTargets' | 'tracePrefix'> & {
      sampler: ConnectionSampler | undefined;
      firstReceipt: number;
      shared: SharedSupplies;
      front: Front | undefined;
    },
    resources: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.service = parts.service;
    this.others = parts.others;
    this.environment = parts.environment;
    this.leakTargets = parts.leakTargets;
    this.tracePrefix = parts.tracePrefix;
    this.database = parts.shared.database;
    this.#sampler = parts.sampler;
    this.#firstReceipt = parts.firstReceipt;
    this.#shared = parts.shared;
    this.#front = parts.front;
    this.#resources = resources;
    resources.defer(() => this.healAll());
    resources.defer(() => this.#freeze?.end());
    this.conversations = resources.use(new ModelConversations(this.fakes));
  }

  static async open(options: ScenarioLabOptions): Promise<ScenarioLab> {
    const { lab, history } = options;
    await using resources = new AsyncDisposableStack();
    const firstReceipt = await lab.fakes.lastReceipt();
    const database = lab.postgres && (await openDatabase(lab.postgres, lab.prepared, options, resources));
    const secret = newSecret();
    const { authentication } = options.contract;
    const issuer = isIssued(authentication) ? resources.use(await startIssuer(authentication)) : undefined;
    const tracePrefix = randomBytes(8).toString('hex');
    // It ends after the service, which may send its last spans after SIGTERM.
    let searchExport: ((text: string) => number) | undefined;
    const receiver =
      hasCondition(['otlp'], options) &&
      resources.use(await receiveOtlp(tracePrefix, history.add, (text) => searchExport?.(text)));
    const dayEndsAt = hasCondition(['day.offset', 'day.ends'], options)
      ? Math.ceil(now() / 1_000 + DAY_SECONDS) * 1_000
      : undefined;
    const shared = { database, secret, issuer, otlp: receiver ? receiver.url : undefined, dayEndsAt };
    const connectDatabase = resources.use(new MoreConnections(database?.url)).open;
    const upstreamCaller = resources.use(new UpstreamCaller(lab.fakes, firstReceipt));
    let wire: MutatedWire | undefined;
    const start = async (conditions: readonly string[], process?: number) => {
      const port = await freePort();
      const folder = resources.use(await createServiceFolder(lab.reaper)).path;
      const launch = launchAt({ ...shared, port, folder }, { ...options, conditions });
      await writeServiceFiles(folder, launch.files);
      const leakTargets = options.contract.secrecy && knownSecrets(options.contract, launch, { secret, folder });
      const { contract, numbers, breaker, mutation } = options;
      const record: FileSearchOptions['record'] = (event) =>
        history.add({ ...event, ...(process !== undefined && { process }) });
      if (leakTargets && receiver) searchExport ??= searchTelemetry(leakTargets, history.add);
      if (leakTargets)
        resources.use(new FileSearch({ folder, knownFiles: launch.files, leakTargets, of: 'log', record }));
      wire ??=
        mutation &&
        new MutatedWire(mutation, {
          contract,
          numbers,
          breaker,
          leakTargets,
          callUpstream: upstreamCaller.call,
          callInPlainText: upstreamCaller.callInPlainText,
          callElsewhere: upstreamCaller.callElsewhere,
          connectDatabase,
        });
      const madeUp = leakTargets && process === undefined ? wire?.file() : undefined;
      if (madeUp !== undefined) await writeServiceFiles(folder, { 'mutant.log': madeUp });
      const started = await startService({
        ...options,
        reaper: lab.reaper,
        launch,
        port,
        process,
        leakTargets,
        wire,
      }).catch(async (error) => {
        throw await withRefusedCalls(error, lab.fakes, firstReceipt);
      });
      return { service: resources.use(started), environment: launch.environment, leakTargets };
    };
    const { service, environment, leakTargets } = await start(options.conditions);
    if (leakTargets) history.add({ type: 'search', at: now(), ...namesOf(leakTargets) });
    const others: ServiceUnderTest[] = [];
    for (const [index, conditions] of options.beside.entries()) {
      others.push((await start(conditions, index + 2)).service);
    }
    const sampler =
      database && resources.use(await ConnectionSampler.start(database, history.add, options.countsConnections));
    const front =
      wire &&
      resources.use(
        await Front.start(
          wire,
          [service, ...others].map(({ url }) => url),
        ),
      );
    const parts = { service, others, environment, leakTargets, tracePrefix, sampler, firstReceipt, shared, front };
    return new ScenarioLab(options, parts, resources.move());
  }

  /**
   * Returns a token for a user. Pass `flaw` to make it invalid.
   *
   * @throws ProofloadError LAB_REQUEST_INVALID if the lab does not sign the service's tokens
   */
  async token(user: string, flaw?: Flaw): Promise<string> {
    const { issuer } = this.#shared;
    if (issuer) return issuer.sign(user, flaw);
    const kinds = 'bearer-jwt-rs256 or bearer-jwt-es256';
    throw new ProofloadError(
      'LAB_REQUEST_INVALID',
      `the lab signs no tokens: the contract has no authentication of kind ${kinds}`,
    );
  }

  /** When the day of the service ends, in milliseconds since the epoch, or null if no setting moves it. */
  get dayEndsAt(): number | null {
    return this.#shared.dayEndsAt ?? null;
  }

  /** Resolves when a service process exits unexpectedly. */
  get gone(): Promise<void> {
    return Promise.race([this.service, ...this.others].map(({ gone }) => gone));
  }

  /** The base URL of each of the service's processes. */
  get urls(): string[] {
    return this.#front?.urls ?? [this.service, ...this.others].map(({ url }) => url);
  }

  /** Begins a phase, and returns its number. See `BegunPhases`. */
  async beginPhase(data: PhaseData): Promise<{ id: number }> {
    const { id, title } = this.#phases.begin(data);
    this.#front?.wire.beginPhase(id, data);
    const receipts = await this.#options.lab.fakes.lastReceipt();
    this.#options.history.add({ type: 'phase', at: now(), id, data, title, receipts });
    return { id };
  }

  get currentPhase(): { id: number } {
    return { id: this.#phases.current };
  }

  /** The processes that a request may have to wait for, except those that run elsewhere, for example in a container. */
  get parties(): Parties {
    const { postgres, fakes } = this.#options.lab;
    const services = [this.service, ...this.others];
    const isLocal = services.every(({ pid }) => pid !== undefined);
    const of = (pid: number | undefined) => () => (pid === undefined ? [] : [pid]);
    return {
      lab: { pids: of(process.pid), threads: 'main' },
      ...(isLocal && { service: { pids: () => services.flatMap(({ pid }) => pid ?? []), threads: 'all' } }),
      ...(postgres?.pid !== undefined && { database: { pids: of(postgres.pid), threads: 'all' } }),
      fakes: { pids: of(fakes.pid), threads: 'main' },
    };
  }

  get contract(): Contract {
    return this.#options.contract;
  }

  get fakes(): Fakes {
    return this.#options.lab.fakes;
  }

  record = (event: FaultEvent): void => this.#options.history.add(event);

  /** Heals all upstream and database faults, and restores the certificates. */
  async healAll(): Promise<void> {
    const healed = this.database?.healAll().map((fault) => fault.settled());
    await Promise.all([...(healed ?? []), this.fakes.healAll()]);
  }

  /**
   * Stops all processes of the service for a number of seconds, and records when they didn't run. Resolves when they are
   * stopped. They continue at the end of the scenario at the latest, and also if the harness dies.
   *
   * @throws ProofloadError LAB_REQUEST_INVALID if they can't be stopped
   */
  async freeze(seconds: number): Promise<void> {
    const { history, lab } = this.#options;
    const leaders = [this.service, ...this.others].flatMap(({ pids }) => pids);
    if (leaders.length === 0) throw notStartedHere('be stopped for a moment');
    await this.awaitThaw();
    const frozen = await Freeze.begin(leaders, lab.reaper).catch((error) => {
      throw new ProofloadError('LAB_REQUEST_INVALID', `the service can't be stopped for a moment: ${messageOf(error)}`);
    });
    const over = new AbortController();
    const ended = pause(seconds * 1_000, over.signal).then(() => {
      // The record of a scenario that ends early may be closed.
      if (!over.signal.aborted) history.add({ type: 'freeze', ...frozen.end() });
    });
    const end = () => {
      // A process that is stopped can't be ended.
      frozen.end();
      over.abort();
    };
    this.#freeze = { end, ended };
  }

  /** Waits until the service continues after a freeze. */
  async awaitThaw(): Promise<void> {
    await this.#freeze?.ended;
  }

  /** Stops the service by a signal and starts it again. Resolves when it is ready. */
  async restart(signal: EndSignal): Promise<void> {
    await this.awaitThaw();
    const restart = () => this.service.restart(signal);
    await (this.#front?.restart(restart) ?? restart());
  }

  /** Whether a service with mutants in front of it is being restarted. */
  get isRestarting(): boolean {
    return this.#front?.wire.endedAt !== undefined;
  }

  /**
   * Since when no request to a service with mutants in front of it is in progress, in milliseconds since the epoch.
   * undefined if one is.
   */
  get quietSince(): number | undefined {
    return this.#front?.quietSince;
  }

  /** The latest sample of the service's database connections. */
  get connections(): ConnectionSample | undefined {
    return this.#sampler?.latest;
  }

  /**
   * Tries to start a second service with changed settings. null removes a setting. The attempt is recorded in the
   * history.
   */
  async attemptStart(about: string, settings: Record<string, string | null>): Promise<StartAttempt> {
    const { contract, history, lab } = this.#options;
    if (contract.start.running) throw notStartedHere('be started with other settings');
    const port = await freePort();
    await using folder = await createServiceFolder(lab.reaper);
    const supplied = { ...this.#shared, port, folder: folder.path };
    const changed = this.#front?.wire.settings(settings) ?? settings;
    const { files, ...launch } = launchAt(supplied, this.#options, changed);
    await writeServiceFiles(folder.path, files);
    const searched = { folder: folder.path, knownFiles: files, of: about, record: history.add };
    await using _ = this.leakTargets && new FileSearch({ ...searched, leakTargets: this.leakTargets });
    const attempt = await attemptStart({
      about,
      launch,
      readyUrl: `http://127.0.0.1:${port}${contract.start.readyPath}`,
      reaper: lab.reaper,
    });
    history.add(attempt);
    if (this.leakTargets) attempt.output.split('\n').forEach(searchLog(this.leakTargets, { of: about }, history.add));
    return attempt;
  }

  /**
   * Records in the history how many rows the contract's ledger has for each key, or why it can't be read.
   *
   * @throws ProofloadError LAB_REQUEST_INVALID if the contract does not describe a ledger
   */
  async readLedger(): Promise<{ keys: number }> {
    const { contract, history } = this.#options;
    if (!contract.ledger || !this.database) {
      throw new ProofloadError(
        'LAB_REQUEST_INVALID',
        'the contract describes no ledger; allowed after adding `ledger`',
      );
    }
    await this.#front?.spoil(contract.ledger, this.database.adminUrl);
    const stored = await readLedger(contract.ledger, this.database.adminUrl);
    history.add({ type: 'stored', at: now(), ...stored });
    return { keys: Object.keys(stored.rows).length };
  }

  /** Records in the history which rows the tools of the contract have stored. */
  async readTools(): Promise<{ tools: number }> {
    const { contract, history } = this.#options;
    const acted = await readToolTables(contract.tools ?? {}, this.database?.adminUrl);
    history.add({ type: 'acted', at: now(), ...acted });
    return { tools: Object.keys(acted.rows).length };
  }

  /**
   * Returns what the database says was used of a budget, as its `count` queries it.
   *
   * @throws ProofloadError LAB_REQUEST_INVALID if the contract has no query for it, or if that returns no number
   */
  async budgetCount(name: string): Promise<{ count: number }> {
    const { count } = this.contract.budgets[name] ?? {};
    if (count === undefined || !('sql' in count) || !this.database) {
      throw new ProofloadError('LAB_REQUEST_INVALID', `the contract has no query for budgets.${name}.count`);
    }
    return { count: await queryNumber(count.sql, this.database.adminUrl) };
  }

  /** Returns all receipts from the fakes and the database since the scenario started, and their numbers. */
  async receipts(): Promise<{ receipts: Receipt[]; numbers: Record<'upstream' | 'database', Numbers> }> {
    const { receipts, last } = await this.fakes.receipts(this.#firstReceipt);
    const ofDatabase = this.database?.receipts.after(0) ?? [];
    return {
      receipts: [...receipts, ...ofDatabase.map((receipt): Receipt => ({ ...receipt, type: 'receipt' }))],
      numbers: {
        upstream: { first: this.#firstReceipt + 1, last },
        database: { first: 1, last: this.database?.receipts.last ?? 0 },
      },
    };
  }

  /** Adds all receipts to the history. Returns the numbers that the sources of receipts and phases have assigned. */
  async collectReceipts(): Promise<Record<SourceSeries, Numbers>> {
    const { receipts, numbers } = await this.receipts();
    for (const receipt of receipts) this.#options.history.add(receipt);
    return { ...numbers, phase: { first: 1, last: this.#phases.count } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

const namesOf = ({ secrets, unsearched }: KnownSecrets) => ({
  secrets: secrets.map(({ name }) => name),
  unsearched: [...unsearched],
});

const startIssuer = async (...given: Parameters<typeof TokenIssuer.start>): Promise<TokenIssuer> =>
  (await import('./tokens/token-issuer.ts')).TokenIssuer.start(...given);

/** The supplies that all processes of the service share. */
interface SharedSupplies {
  readonly database: DatabaseTarget | undefined;
  readonly secret: string;
  readonly issuer: TokenIssuer | undefined;
  readonly otlp: string | undefined;
  readonly dayEndsAt: number | undefined;
}

interface OwnSupplies extends SharedSupplies {
  readonly port: number;
  readonly folder: string;
}

function launchAt(
  { database, ...own }: OwnSupplies,
  options: ScenarioLabOptions,
  changes: Readonly<Record<string, string | null>> = {},
): PreparedLaunch {
  const { contract, numbers, conditions, lab } = options;
  const { upstreams, ca, proxy } = lab.fakes;
  const postgresTls = database?.tlsUrl ? { url: database.tlsUrl, ca: databaseCa(options) } : undefined;
  const supplies = { ...own, postgres: database?.url, postgresTls, upstreams, ca, proxy };
  return launchOf(contract, numbers, conditions, supplies, changes);
}
