import { Agent, type Dispatcher, request } from 'undici';
import { composeCall } from '../callers/compose-call.ts';
import { meansOf } from '../client/means.ts';
import { send } from '../client/send.ts';
import { MOST_CLIENTS } from '../contract/credentials.ts';
import type { ScriptContext } from '../contract/script-context.ts';
import type { ScenarioLab } from '../lab/scenario-lab.ts';
import { clientAddress } from './client-addresses.ts';

/** How long a call may take, in milliseconds. */
const CALL_MS = 15_000;

/** Callers of an endpoint, each as another client, whose calls are held somewhere. */
export class HeldCallers implements AsyncDisposable {
  readonly #of: { bench: ScenarioLab; context: ScriptContext; endpoint: string; seed: number };
  readonly #means: ReturnType<typeof meansOf>;
  readonly #agents: Dispatcher[] = [];
  readonly #calls = new Set<Promise<unknown>>();
  readonly #over = new AbortController();
  #made = 0;

  constructor(of: { bench: ScenarioLab; context: ScriptContext; endpoint: string; seed: number }) {
    this.#of = of;
    const { bench, context } = of;
    this.#means = meansOf({ url: bench.service.url, calling: context, token: (user) => bench.token(user) });
  }

  get endpoint(): string {
    return this.#of.endpoint;
  }

  /** How many calls have no answer yet. */
  get pending(): number {
    return this.#calls.size;
  }

  /** Begins n calls at once. */
  begin(n: number): void {
    for (let index = 0; index < n; index += 1) {
      const call: Promise<unknown> = this.#call().finally(() => this.#calls.delete(call));
      this.#calls.add(call);
    }
  }

  async #call(): Promise<void> {
    const { bench, context, endpoint, seed } = this.#of;
    const described = context.endpoints[endpoint];
    if (!described) return;
    this.#made += 1;
    const client = 1 + (this.#made % MOST_CLIENTS);
    const values = { unique: `at-once-${this.#made}`, client };
    const composed = await composeCall(context, described, values, this.#means);
    const localAddress = context.isElsewhere ? undefined : clientAddress(client, seed);
    const agent = this.#open(localAddress);
    await send(bench.service.url, composed, agent, undefined);
  }

  /** Waits until all calls have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#calls);
  }

  /** Returns how many of the requests to these paths are answered within a number of milliseconds, with any status. */
  async answered(paths: readonly string[], withinMs: number): Promise<number> {
    const signal = AbortSignal.any([this.#over.signal, AbortSignal.timeout(withinMs)]);
    const answers = paths.map(async (path) => {
      const { body } = await request(this.#of.bench.service.url + path, { dispatcher: this.#open(), signal });
      await body.dump();
    });
    return (await Promise.allSettled(answers)).filter(({ status }) => status === 'fulfilled').length;
  }

  #open(localAddress?: string): Dispatcher {
    const agent = new Agent({
      headersTimeout: CALL_MS,
      bodyTimeout: CALL_MS,
      pipelining: 0,
      ...(localAddress !== undefined && { connect: { localAddress } }),
    });
    this.#agents.push(agent);
    return agent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#agents.map((agent) => agent.destroy()));
  }
}
