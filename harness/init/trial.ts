import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { wholeBody } from '../../faults/base/whole-body.ts';
import { pause } from '../base/clock.ts';
import { keepLast } from '../base/keep-last.ts';
import { type Calling, composeCall } from '../callers/compose-call.ts';
import { meansOf } from '../client/means.ts';
import { type Contract, type ContractFile, contractSchema, numbersOf } from '../contract/contract.ts';
import { credentialsOf, MOST_CLIENTS } from '../contract/credentials.ts';
import { withFiles } from '../contract/load.ts';
import { callable } from '../contract/requests.ts';
import { findStoredText, type StoredText } from '../lab/find-stored-text.ts';
import { startLab } from '../lab/lab.ts';
import { ScenarioLab } from '../lab/scenario-lab.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { clientAddress } from '../run/client-addresses.ts';

/** What a call to an endpoint showed. */
export interface Seen {
  readonly status: number;
  /** The beginning of the body. */
  readonly body: string;
  /** The upstreams that it called, in order. */
  readonly reaches: readonly string[];
  /** The upstreams that it called, in order, once for each attempt. */
  readonly attempts: readonly string[];
  /** The lines that the service wrote meanwhile. */
  readonly log: readonly string[];
  /** Where the database keeps the text that is new in each request, with `${unique}` in its place. */
  readonly stored: readonly StoredText[];
}

interface Line {
  readonly at: number;
  readonly text: string;
}

/** How long a call may take, in milliseconds. */
const CALL_MS = 15_000;
const SEED = 11;

/** How many lines of the log are kept, and how long to wait for those about a call that failed, in milliseconds. */
const KEPT = 200;
const LATER_MS = 150;

/** A service that was started in a lab, with fakes as its upstreams, to see how it responds. */
export class Trial implements AsyncDisposable {
  readonly #bench: ScenarioLab;
  readonly #contract: Contract;
  readonly #file: ContractFile;
  readonly #folder: string;
  readonly #resources: AsyncDisposableStack;
  readonly #log: readonly Line[];
  #calls = 0;
  #clients = 0;

  private constructor(
    bench: ScenarioLab,
    parts: { file: ContractFile; contract: Contract; folder: string; log: readonly Line[] },
    resources: AsyncDisposableStack,
  ) {
    this.#bench = bench;
    this.#file = parts.file;
    this.#contract = parts.contract;
    this.#folder = parts.folder;
    this.#log = parts.log;
    this.#resources = resources;
  }

  /**
   * Starts the service of a contract, whose ready path need not be right.
   *
   * @param folder The contract's folder.
   * @throws ProofloadError if the lab or the service does not start
   */
  static async start(file: ContractFile, folder: string): Promise<Trial> {
    const contract = withFiles(contractSchema.parse(file), folder);
    await using resources = new AsyncDisposableStack();
    const lab = resources.use(await startLab({ postgres: 'auto', contract, profile: 'fast' }));
    const { path } = resources.use(await temporaryFolder(lab.reaper, join(tmpdir(), 'proofload-init-')));
    const log: Line[] = [];
    const bench = await ScenarioLab.open({
      lab,
      contract,
      numbers: numbersOf(contract, 'fast'),
      conditions: [],
      beside: [],
      history: { add() {} },
      folder: path,
      onLine: (text) => keepLast(log, { at: performance.now(), text }, KEPT),
      isReadyWithAnyStatus: true,
    });
    resources.use(bench);
    return new Trial(bench, { file, contract, folder, log }, resources.move());
  }

  get url(): string {
    return this.#bench.service.url;
  }

  /**
   * Calls an endpoint. Returns undefined if that is not possible, or without a response.
   *
   * @param client The number of the client, from 1. The default is a new one.
   */
  async call(endpoint: ContractFile['endpoints'][string], client = this.#newClient()): Promise<Seen | undefined> {
    const { authentication } = this.#contract;
    const user = authentication?.kind.startsWith('bearer-jwt') ? { user: 'user-${unique}' } : {};
    const described = { ...endpoint, served: [200], ...(authentication && { authenticated: true, ...user }) };
    const file = { ...this.#file, endpoints: { ...this.#file.endpoints, called: described } };
    const contract = withFiles(contractSchema.parse(file), this.#folder);
    const calling: Calling = {
      endpoints: callable(contract),
      client: contract.client,
      clientPrefix: 'init-',
      ...(authentication && {
        authentication: { ...authentication, credentials: credentialsOf(authentication, this.#bench.environment) },
      }),
    };
    const { called } = calling.endpoints;
    if (!called) return undefined;
    this.#calls += 1;
    const { fakes } = this.#bench;
    const first = await fakes.lastReceipt();
    const means = meansOf({ url: this.url, calling, token: (name) => this.#bench.token(name) });
    const values = { unique: `init-${this.#calls}`, client };
    const { method, path, headers, body, upload } = await composeCall(calling, called, values, means);
    if (upload) return undefined;
    const dispatcher = new Agent({ localAddress: clientAddress(client, SEED) });
    const began = performance.now();
    try {
      const response = await request(this.url + path, {
        method,
        headers,
        body,
        dispatcher,
        signal: AbortSignal.timeout(CALL_MS),
      });
      const text = (await wholeBody(response.body)).toString();
      const { receipts } = await fakes.receipts(first);
      const attempts = receipts.flatMap((receipt) => (receipt.kind === 'request' ? [receipt.upstream] : []));
      const { statusCode: status } = response;
      if (status >= 400) await pause(LATER_MS);
      const log = this.#log.filter(({ at }) => at >= began).map((line) => line.text);
      const stored = status < 400 && method !== 'GET' ? await this.#storedBy(values.unique) : [];
      return { status, body: text.slice(0, 200), reaches: [...new Set(attempts)], attempts, log, stored };
    } catch {
      return undefined;
    } finally {
      await dispatcher.destroy();
    }
  }

  /** There are only so many addresses. */
  #newClient(): number {
    this.#clients = (this.#clients % MOST_CLIENTS) + 1;
    return this.#clients;
  }

  /**
   * Calls an endpoint as one new client until a call is answered with 429.
   *
   * @returns How many calls were served before it, at most `most`, or undefined if a call failed otherwise.
   */
  async servedBeforeLimit(
    endpoint: ContractFile['endpoints'][string],
    most: number,
  ): Promise<{ served: number; isRefused: boolean } | undefined> {
    const client = this.#newClient();
    for (let served = 0; served < most; served += 1) {
      const seen = await this.call(endpoint, client);
      if (seen?.status === 429) return { served, isRefused: true };
      if (!seen || seen.status >= 400) return undefined;
    }
    return { served: most, isRefused: false };
  }

  async #storedBy(unique: string): Promise<StoredText[]> {
    const { adminUrl } = this.#bench.database ?? {};
    if (adminUrl === undefined) return [];
    const found = await findStoredText(adminUrl, unique);
    return found.map((place) => ({ ...place, value: place.value.replace(unique, '${unique}') }));
  }

  /** Lets an upstream answer with 503, and returns how often one call to an endpoint attempts its call there. */
  async attemptsOf(upstream: string, endpoint: ContractFile['endpoints'][string]): Promise<number | undefined> {
    await this.#fail(upstream, 503);
    try {
      const seen = await this.call(endpoint);
      return seen?.attempts.filter((reached) => reached === upstream).length;
    } finally {
      await this.#bench.healAll();
    }
  }

  async #fail(upstream: string, status: number): Promise<void> {
    const path = `/upstreams/${encodeURIComponent(upstream)}/faults`;
    await this.#bench.fakes.pass('POST', path, { kind: 'status', status });
  }

  /**
   * Lets an upstream fail until a call no longer reaches it.
   *
   * @returns The number of calls that reached it, and the status of the one that did not. undefined if all did. The
   * number is only known if a call before them succeeded.
   */
  async openBreaker(
    upstream: string,
    endpoint: ContractFile['endpoints'][string],
    most: number,
  ): Promise<{ failures: number | undefined; refusal: number } | undefined> {
    const deadline = performance.now() + CALL_MS;
    const before = await this.call(endpoint);
    const isClean = before !== undefined && before.status < 400;
    await this.#fail(upstream, 500);
    try {
      for (let failures = 0; failures <= most && performance.now() < deadline; failures += 1) {
        const seen = await this.call(endpoint);
        if (!seen || seen.status < 400 || seen.status === 429) return undefined;
        if (!seen.reaches.includes(upstream))
          return failures === 0 ? undefined : { failures: isClean ? failures : undefined, refusal: seen.status };
      }
      return undefined;
    } finally {
      await this.#bench.healAll();
    }
  }

  [Symbol.asyncDispose] = (): Promise<void> => this.#resources.disposeAsync();
}
