import { fileURLToPath } from 'node:url';
import { messageOf, ProofloadError } from '../errors.ts';
import type { Receipt } from '../history/events.ts';
import { startUntilReady } from './ready-line.ts';

const FAKES = fileURLToPath(new URL('../../mocks/main.ts', import.meta.url));

interface Ready {
  control: string;
  upstreams: Record<string, string>;
  ca: string;
}

/** The fakes of the upstream APIs, in a process of their own, and their control API. */
export class Fakes implements AsyncDisposable {
  readonly #ready: Ready;
  readonly #stop: () => Promise<unknown>;

  private constructor(ready: Ready, stop: () => Promise<unknown>) {
    this.#ready = ready;
    this.#stop = stop;
  }

  /** @throws ProofloadError FAKES_FAILED */
  static async start(): Promise<Fakes> {
    try {
      const { child, ready } = await startUntilReady<Ready>({
        command: [process.execPath, FAKES, '--while-stdin-open'],
      });
      return new Fakes(ready, () => child.stop());
    } catch (error) {
      throw new ProofloadError('FAKES_FAILED', `the fakes did not start: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Addresses by upstream, and the file of the certificate authority that signs for them. */
  get upstreams(): Record<string, string> {
    return this.#ready.upstreams;
  }

  get ca(): string {
    return this.#ready.ca;
  }

  addFault = (upstream: string, fault: Record<string, unknown>): Promise<{ id: string }> =>
    this.#call('POST', `/upstreams/${upstream}/faults`, fault);

  heal = (upstream: string): Promise<void> => this.#call('DELETE', `/upstreams/${upstream}/faults`);

  /** Heals every fault, and puts the trusted certificates back. */
  healAll = (): Promise<void> => this.#call('DELETE', '/faults');

  useCertificate = (upstream: string, kind: string): Promise<void> =>
    this.#call('PUT', `/upstreams/${upstream}/certificate`, { kind });

  /** The number of the newest receipt. */
  async lastReceipt(): Promise<number> {
    return (await this.#call<{ last: number }>('GET', '/receipts/count')).last;
  }

  /** How many requests have arrived at an upstream, and how many handshakes have failed there, since the fakes began. */
  arrivals = (upstream: string): Promise<{ requests: number; handshakesFailed: number }> =>
    this.#call('GET', `/receipts/count?upstream=${upstream}`);

  /** All receipts after a number, as events of a history. */
  async receipts(after: number): Promise<Receipt[]> {
    const { receipts } = await this.#call<{ receipts: Receipt[] }>('GET', `/receipts?after=${after}`);
    return receipts.map((receipt) => ({ ...receipt, type: 'receipt' }));
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#ready.control + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new ProofloadError('LAB_REQUEST_INVALID', `the fakes refused ${method} ${path}: ${text}`);
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
