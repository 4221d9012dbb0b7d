import { messageOf, ProofloadError } from '../errors.ts';
import type { Receipt } from '../history/events.ts';
import { startFakesContainer } from './fakes-container.ts';
import { type RunningFakes, startFakesProcess } from './fakes-process.ts';
import type { Reaper } from './reaper.ts';

/** The fakes of the upstream APIs, outside of this process, and their control API. */
export class Fakes implements AsyncDisposable {
  readonly #running: RunningFakes;

  private constructor(running: RunningFakes) {
    this.#running = running;
  }

  /**
   * @param choice `process`, or `container` where an engine answers.
   * @throws ProofloadError USAGE for any other choice; FAKES_FAILED where they don't start.
   */
  static async start(choice: string, reaper: Reaper): Promise<Fakes> {
    try {
      if (choice === 'process') return new Fakes(await startFakesProcess());
      if (choice === 'container') return new Fakes(await startFakesContainer(reaper));
    } catch (error) {
      throw new ProofloadError('FAKES_FAILED', `the fakes (${choice}) did not start: ${messageOf(error)}`, {
        cause: error,
      });
    }
    throw new ProofloadError('USAGE', `FAKES=${choice}: it can be process or container`);
  }

  /** The control API's address. */
  get control(): string {
    return this.#running.control;
  }

  /** Addresses by upstream, and the file of the certificate authority that signs for them. */
  get upstreams(): Record<string, string> {
    return this.#running.upstreams;
  }

  get ca(): string {
    return this.#running.ca;
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
    const response = await fetch(this.#running.control + path, {
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
    await this.#running[Symbol.asyncDispose]();
  }
}
