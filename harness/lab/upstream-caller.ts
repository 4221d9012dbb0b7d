import { type ClientRequest, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestReceipt } from '../history/events.ts';
import type { Fakes } from './fakes.ts';

/** How long a request may need to arrive, in milliseconds. Its answer may take longer, because of a fault. */
const ARRIVE_MS = 500;
const LOOK_MS = 10;

/** Sends requests to the lab's HTTP upstreams, past the service. Disposing of it ends those without an answer. */
export class UpstreamCaller implements Disposable {
  readonly #fakes: Fakes;
  readonly #after: number;
  readonly #open = new Set<ClientRequest>();

  /** @param after The number of the last receipt before the scenario. */
  constructor(fakes: Fakes, after: number) {
    this.#fakes = fakes;
    this.#after = after;
  }

  /** Sends a request with the method and path of the last one that arrived there. Returns whether it arrived. */
  call = async (name: string): Promise<boolean> => {
    const origin = this.#fakes.upstreams[name];
    if (origin === undefined || !/^https?:/.test(origin)) return false;
    const before = await this.#arrived(name);
    const { method = 'GET', path = '/' } = before.at(-1) ?? {};
    const send = origin.startsWith('https:') ? requestTls : requestPlain;
    const asked = send(`${origin}${path}`, { method, rejectUnauthorized: false, agent: false });
    this.#open.add(asked);
    asked.once('close', () => this.#open.delete(asked));
    asked.on('error', () => {});
    asked.on('response', (response) => response.on('error', () => {}).resume());
    asked.end();
    for (let waited = 0; waited < ARRIVE_MS; waited += LOOK_MS) {
      if ((await this.#arrived(name)).length > before.length) return true;
      await sleep(LOOK_MS);
    }
    return false;
  };

  async #arrived(name: string): Promise<RequestReceipt[]> {
    const receipts = await this.#fakes.receipts(this.#after);
    return receipts.filter((one): one is RequestReceipt => one.kind === 'request' && one.upstream === name);
  }

  [Symbol.dispose](): void {
    for (const asked of this.#open) asked.destroy();
  }
}
