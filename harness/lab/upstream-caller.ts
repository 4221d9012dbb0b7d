import { type ClientRequest, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fakes } from './fakes.ts';

/** How long a request may need to arrive, in milliseconds. Its answer may take longer, because of a fault. */
const ARRIVE_MS = 500;
const LOOK_MS = 10;

/**
 * Sends requests to the lab's HTTP upstreams, past the service. Disposing of it ends those without an answer, and later
 * ones are not sent: they would count in the next scenario.
 */
export class UpstreamCaller implements Disposable {
  readonly #fakes: Pick<Fakes, 'upstreams' | 'receipts'>;
  /** How many requests each upstream got, and the last of them. */
  readonly #seen = new Map<string, { arrived: number; method: string; path: string }>();
  readonly #open = new Set<ClientRequest>();
  #after: number;
  #looking: Promise<void> | undefined;
  #isOver = false;

  /** @param after The number of the last receipt before the scenario. */
  constructor(fakes: Pick<Fakes, 'upstreams' | 'receipts'>, after: number) {
    this.#fakes = fakes;
    this.#after = after;
  }

  /** Sends a request with the method and path of the last one that arrived there. Returns whether it arrived. */
  call = async (name: string): Promise<boolean> => {
    const origin = this.#fakes.upstreams[name];
    if (origin === undefined || !/^https?:/.test(origin)) return false;
    const before = await this.#look(name);
    if (this.#isOver) return false;
    const { method, path } = before;
    const send = origin.startsWith('https:') ? requestTls : requestPlain;
    const asked = send(`${origin}${path}`, { method, rejectUnauthorized: false, agent: false });
    this.#open.add(asked);
    asked.once('close', () => this.#open.delete(asked));
    asked.on('error', () => {});
    asked.on('response', (response) => response.on('error', () => {}).resume());
    asked.end();
    for (let waited = 0; waited < ARRIVE_MS && !this.#isOver; waited += LOOK_MS) {
      if ((await this.#look(name)).arrived > before.arrived) return true;
      await sleep(LOOK_MS);
    }
    return false;
  };

  async #look(name: string) {
    // Many look at the same time.
    this.#looking ??= this.#readNew().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
    return this.#seen.get(name) ?? { arrived: 0, method: 'GET', path: '/' };
  }

  async #readNew(): Promise<void> {
    for (const receipt of await this.#fakes.receipts(this.#after)) {
      this.#after = Math.max(this.#after, receipt.seq);
      if (receipt.kind !== 'request') continue;
      const { upstream, method, path } = receipt;
      this.#seen.set(upstream, { arrived: (this.#seen.get(upstream)?.arrived ?? 0) + 1, method, path });
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const asked of this.#open) asked.destroy();
  }
}
