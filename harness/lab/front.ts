import type { Contract } from '../contract/contract.ts';
import type { MutatedWire } from '../wire/mutated-wire.ts';
import { WireProxy } from '../wire/wire-proxy.ts';
import { spoilLedger } from './spoil-ledger.ts';

/** The proxies in front of a service's processes, through which mutants act on it. */
export class Front implements AsyncDisposable {
  readonly wire: MutatedWire;
  readonly #proxies: readonly WireProxy[];

  private constructor(wire: MutatedWire, proxies: readonly WireProxy[]) {
    this.wire = wire;
    this.#proxies = proxies;
  }

  /** @param urls The origins of the service's processes. */
  static async start(wire: MutatedWire, urls: readonly string[]): Promise<Front> {
    await using started = new AsyncDisposableStack();
    const proxies: WireProxy[] = [];
    for (const url of urls) proxies.push(started.use(await WireProxy.start(url, wire)));
    started.move();
    return new Front(wire, proxies);
  }

  /** The base URL of each of the processes. */
  get urls(): string[] {
    return this.#proxies.map(({ url }) => url);
  }

  /** Since when no request is in progress, in milliseconds since the epoch, or undefined if one is. */
  get quietSince(): number | undefined {
    const since = this.#proxies.map(({ quietSince }) => quietSince);
    return since.includes(undefined) ? undefined : Math.max(...since.map(Number));
  }

  /** Restarts the first process. Callers can connect only while it accepts connections. */
  async restart(restart: () => Promise<void>): Promise<void> {
    const stop = this.wire.staysOpen ? undefined : this.#proxies[0]?.mirror();
    this.wire.endedAt = Date.now();
    try {
      await restart();
    } finally {
      this.wire.endedAt = undefined;
      await stop?.();
    }
  }

  /** Lets mutants act on the rows of the ledger. */
  async spoil(ledger: NonNullable<Contract['ledger']>, adminUrl: string): Promise<void> {
    for (const { row, done, impossible } of this.wire.rows()) {
      const why = await spoilLedger(ledger, adminUrl, row);
      if (why === undefined) done();
      else impossible(why);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
  }
}
