import { Agent } from 'undici';
import { now } from '../base/clock.ts';
import type { Means } from '../callers/authorize.ts';
import { type Calling, composeCall } from '../callers/compose-call.ts';
import { meansOf } from '../client/means.ts';
import { send } from '../client/send.ts';
import type { RequestSample } from '../history/events.ts';
import { clientAddress } from '../run/client-addresses.ts';

/** A load: requests per second by endpoint, sent alternately from a number of client addresses. */
export interface Load {
  rates: Readonly<Record<string, number>>;
  clients: number;
}

export interface LoadTarget {
  url: string;
  calling: Calling;
  /** Returns a token that the lab signs. */
  token: (user: string) => Promise<string>;
  /** The seed for the client addresses. If it is not set, the system chooses an address. */
  seed?: number;
  see: (sample: RequestSample) => void;
}

/** How often to check for requests that are due, in milliseconds. */
const TICK_MS = 25;
/** Maximum number of requests in progress. Further ones are not sent. */
const MOST_UNDER_WAY = 500;
/** Request timeout in milliseconds. */
const TIMEOUT_MS = 35_000;

/**
 * Keeps a service under load. The load can be changed at any time. It shares a process with the lab, so its
 * measurements are only for display and not used for verdicts.
 */
export class LoadGenerator implements AsyncDisposable {
  /** Number of requests that were due but not sent. */
  leftOut = 0;
  readonly #target: LoadTarget;
  readonly #agents = new Map<number, Agent>();
  readonly #due = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #means: Means;
  readonly #underWay = new Set<Promise<void>>();
  #load: Load = { rates: {}, clients: 1 };
  #sent = 0;
  #last = performance.now();
  #isOver = false;

  constructor(target: LoadTarget) {
    this.#target = target;
    this.#means = meansOf(target);
    this.#timer = setInterval(this.#tick, TICK_MS);
  }

  set(load: Load): void {
    this.#load = load;
  }

  #tick = (): void => {
    const passed = performance.now() - this.#last;
    this.#last += passed;
    for (const [name, rate] of Object.entries(this.#load.rates)) {
      // After a pause, missed requests are not sent later, because that would cause a burst.
      const due = Math.min((this.#due.get(name) ?? 0) + (rate * passed) / 1_000, 1 + rate / 10);
      for (let left = due; left >= 1; left -= 1) this.#begin(name);
      this.#due.set(name, due % 1);
    }
  };

  #begin(name: string): void {
    if (this.#underWay.size >= MOST_UNDER_WAY) {
      this.leftOut += 1;
      return;
    }
    const sending = this.#send(name);
    this.#underWay.add(sending);
    void sending.finally(() => this.#underWay.delete(sending));
  }

  async #send(name: string): Promise<void> {
    const { calling } = this.#target;
    const endpoint = calling.endpoints[name];
    if (!endpoint) return;
    this.#sent += 1;
    const client = 1 + (this.#sent % this.#load.clients);
    const unique = `lab-${process.pid}-${this.#sent}`;
    const composed = await composeCall(calling, endpoint, { unique, client }, this.#means);
    if (this.#isOver) return;
    const at = now();
    const agent = this.#agent(calling.client === 'socket' ? client : 1);
    const status = await send(this.#target.url, composed, agent, endpoint.meanings);
    this.#target.see({
      type: 'request',
      at,
      ms: now() - at,
      method: endpoint.method,
      name,
      status,
      opened: false,
      tags: { endpoint: name },
    });
  }

  #agent(client: number): Agent {
    const found = this.#agents.get(client);
    if (found) return found;
    const { seed } = this.#target;
    const agent = new Agent({
      ...(seed !== undefined && { localAddress: clientAddress(client, seed) }),
      pipelining: 1,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    this.#agents.set(client, agent);
    return agent;
  }

  /** Stops sending and cancels the requests in progress. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#timer);
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
    await Promise.all(this.#underWay);
  }
}
