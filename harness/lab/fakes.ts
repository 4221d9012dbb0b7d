import { lookup } from 'node:dns/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../../faults/base/refusal.ts';
import { bearer } from '../../faults/control/guard.ts';
import { faultsOf } from '../../faults/fakes/upstream-definition.ts';
import type { FaultKinds } from '../../faults/kinds/lib/fault.ts';
import { faultFiles } from '../../faults/own/fault-files.ts';
import type { DeclaredUpstreams } from '../../mocks/declared-upstream.ts';
import { knownError, messageOf, ProofloadError } from '../base/errors.ts';
import { fetchDirectly } from '../base/fetch-directly.ts';
import { secrets } from '../base/secrets.ts';
import type { Receipt } from '../history/events.ts';
import type { Child } from '../process/child.ts';
import { mainOf } from '../process/main-of.ts';
import { startUntilReady } from '../process/ready-line.ts';
import type { Reaper } from '../process/reaper.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';

/** What the process of the fakes prints when it is ready. */
interface Ready {
  readonly control: string;
  /** The control API's token. */
  readonly token: string;
  readonly upstreams: Record<string, string>;
  /** The URL of the proxy for hosts that are fixed in the service's code, with its token. Absent if none is needed. */
  readonly proxy?: string;
  /** The path to the CA certificate that clients have to trust. */
  readonly ca: string;
}

/** The lab's upstreams, which run in another process. */
export class Fakes implements AsyncDisposable {
  readonly #child: Child;
  readonly #ready: Ready;
  readonly #declared: DeclaredUpstreams;
  readonly #resources: AsyncDisposableStack;

  private constructor(child: Child, ready: Ready, declared: DeclaredUpstreams, resources: AsyncDisposableStack) {
    this.#resources = resources;
    this.#child = child;
    this.#ready = ready;
    this.#declared = declared;
    secrets.hide(ready.token);
    if (ready.proxy !== undefined) secrets.hide(new URL(ready.proxy).password);
  }

  /**
   * Starts upstreams. `keys` has the header with the idempotency key for some of them. They are passed to the process on standard input, because settings may contain secrets.
   *
   * @throws ProofloadError FAKES_FAILED with the process's output if it exits or is not ready in time
   */
  static async start(
    upstreams: DeclaredUpstreams,
    keys: Readonly<Record<string, string>> = {},
    reaper?: Reaper,
  ): Promise<Fakes> {
    await using resources = new AsyncDisposableStack();
    try {
      await checkHosts(upstreams);
      const ownFaults = faultFiles.map((file) => `--fault=${file}`);
      const keyHeaders = Object.entries(keys).map(([name, header]) => `--key=${name}=${header}`);
      const folder = reaper && resources.use(await temporaryFolder(reaper, join(tmpdir(), 'proofload-fakes-')));
      const { child, ready } = await startUntilReady<Ready>({
        command: [
          process.execPath,
          mainOf('mocks'),
          '--upstreams',
          '-',
          '--while-stdin-open',
          ...ownFaults,
          ...keyHeaders,
          ...(folder ? [`--certificates=${folder.path}`] : []),
        ],
        reaper,
        says: JSON.stringify(upstreams),
      });
      return new Fakes(child, ready, upstreams, resources.move());
    } catch (error) {
      throw new ProofloadError('FAKES_FAILED', `the fakes did not start: ${messageOf(error)}`, { cause: error });
    }
  }

  /** The control API's origin. */
  get control(): string {
    return this.#ready.control;
  }

  /**
   * Calls the control API. `path` includes the query. `init` is the same as for `fetch`.
   *
   * @throws ProofloadError FAKES_FAILED if it doesn't answer
   */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...bearer(this.#ready.token) };
    try {
      return await fetchDirectly(this.#ready.control + path, { ...init, headers });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      const why = knownError(error)?.message ?? messageOf(error);
      throw new ProofloadError('FAKES_FAILED', `the fakes stopped responding: ${why}`, { cause: error });
    }
  }

  /** Their process ID. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Each upstream's origin. */
  get upstreams(): Record<string, string> {
    return this.#ready.upstreams;
  }

  /** The URL of the proxy for hosts that are fixed in the service's code, or undefined if there are none. */
  get proxy(): string | undefined {
    return this.#ready.proxy;
  }

  /** The kinds of faults that each upstream supports, by upstream name. */
  get kinds(): ReadonlyMap<string, FaultKinds<never>> {
    return new Map(Object.entries(this.#declared).map(([name, upstream]) => [name, faultsOf(upstream)]));
  }

  get ca(): string {
    return this.#ready.ca;
  }

  /** Heals all faults and restores the trusted certificates. */
  healAll = (): Promise<void> => this.#call('DELETE', '/faults');

  /**
   * Forwards a call to the control API.
   *
   * @throws Refusal with the code and message from an error response
   */
  async pass(method: string, path: string, body?: unknown): Promise<unknown> {
    const { ok, status, text } = await this.#send(method.toUpperCase(), path, body);
    const answer = text === '' ? undefined : JSON.parse(text);
    if (!ok) throw new Refusal(answer.error.code, answer.error.message, status);
    return answer;
  }

  /** Returns the sequence number of the latest receipt. */
  async lastReceipt(): Promise<number> {
    return (await this.#call<{ last: number }>('GET', '/receipts/count')).last;
  }

  /** Returns all receipts after a sequence number as history events, and the sequence number of the latest one. */
  async receipts(after: number): Promise<{ receipts: Receipt[]; last: number }> {
    const read = await this.#call<{ receipts: Receipt[]; last: number }>('GET', `/receipts?after=${after}`);
    return { receipts: read.receipts.map((receipt) => ({ ...receipt, type: 'receipt' })), last: read.last };
  }

  async #call<T>(method: string, path: string): Promise<T> {
    const { ok, text } = await this.#send(method, path);
    if (!ok) throw new ProofloadError('LAB_REQUEST_INVALID', `the fakes refused ${method} ${path}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async #send(method: string, path: string, body?: unknown) {
    const response = await this.request(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stop();
    await this.#resources.disposeAsync();
  }
}

/**
 * Checks that the host names declared for upstreams resolve to 127.0.0.1, where the upstreams listen.
 *
 * @throws Error that names the first host that doesn't
 */
async function checkHosts(upstreams: DeclaredUpstreams): Promise<void> {
  for (const [name, upstream] of Object.entries(upstreams)) {
    const host = 'tcp' in upstream || upstream.via === 'proxy' ? undefined : upstream.host;
    if (host === undefined || (await addressesOf(host)).includes('127.0.0.1')) continue;
    throw new Error(
      `upstreams.${name}.host: ${host} does not resolve to 127.0.0.1; ` +
        `add the line "127.0.0.1 ${host}" to /etc/hosts, or use localhost`,
    );
  }
}

async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
