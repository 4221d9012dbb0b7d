import type { Engaged, Undo } from '../../kinds/lib/fault.ts';
import type { ProxiedConnection } from '../../proxy/proxied-connection.ts';
import { TcpProxy, type TcpProxyOptions } from '../../proxy/tcp-proxy.ts';
import type { RequestReceipt } from '../../receipts/receipt.ts';
import type { Receipts } from '../../receipts/receipts.ts';
import type { Act, FaultyConnections } from './connection-fault.ts';

/** A TCP proxy that lets faults act on its connections and calls, and records receipts. */
export class FaultyProxy implements FaultyConnections, AsyncDisposable {
  readonly countsCalls: boolean;
  readonly #proxy: TcpProxy;
  readonly #receipts: Receipts;
  readonly #name: string;
  readonly #onConnections = new Set<(connection: ProxiedConnection) => void>();
  readonly #onCalls = new Set<(connection: ProxiedConnection, receipt: RequestReceipt) => Undo>();

  private constructor(proxy: TcpProxy, { receipts, name, calls }: TcpProxyOptions) {
    this.#proxy = proxy;
    this.#receipts = receipts;
    this.#name = name;
    this.countsCalls = calls !== undefined;
    proxy.onConnection = (connection) => {
      for (const meet of this.#onConnections) meet(connection);
    };
    proxy.onCall = (connection, receipt) => {
      const undo = [...this.#onCalls].map((meet) => meet(connection, receipt));
      return () => {
        for (const heal of undo) void heal();
      };
    };
  }

  static async start(options: TcpProxyOptions): Promise<FaultyProxy> {
    return new FaultyProxy(await TcpProxy.start(options), options);
  }

  get port(): number {
    return this.#proxy.port;
  }

  refuse({ name }: Engaged): Undo {
    const end = this.#receipts.span(this.#name, 'refusing', name);
    const listen = this.#proxy.refuse();
    return async () => {
      await listen();
      end();
    };
  }

  disrupt(fault: Engaged, act: Act): Undo {
    return fault.connections === 'calling' ? this.#disruptCalls(fault, act) : this.#disruptConnections(fault, act);
  }

  /** Calls `meet` with each new connection, before any byte is forwarded. */
  watch(meet: (connection: ProxiedConnection) => void): void {
    this.#onConnections.add(meet);
  }

  /** Counts the open connections on behalf of a fault that ends all of them. */
  countConnections(fault: Engaged): void {
    for (const _ of this.#proxy.connections) fault.consider({ connection: 'open' });
  }

  /** Adds a receipt for the period during which a fault acts. Call the returned function when the period ends. */
  span({ name }: Engaged): () => void {
    return this.#receipts.span(this.#name, 'acting', name);
  }

  /** Stops listening and ends every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy[Symbol.asyncDispose]();
  }

  #disruptConnections(fault: Engaged, act: Act): Undo {
    const undo = new Map<ProxiedConnection, Undo>();
    const meet = (connection: ProxiedConnection, how: 'open' | 'new'): void => {
      if (!fault.consider({ connection: how })) return;
      const { faults } = connection.receipt;
      if (!faults.includes(fault.name)) faults.push(fault.name);
      const heal = act(connection, 'connection');
      if (!heal) return;
      undo.set(connection, heal);
      void connection.ended.then(() => undo.delete(connection));
    };
    const meetNew = (connection: ProxiedConnection): void => meet(connection, 'new');
    for (const connection of this.#proxy.connections) meet(connection, 'open');
    this.#onConnections.add(meetNew);
    return () => {
      this.#onConnections.delete(meetNew);
      for (const heal of undo.values()) void heal();
    };
  }

  /** Acts on each connection when a call arrives on it, until the call ends. */
  #disruptCalls(fault: Engaged, act: Act): Undo {
    const undo = new Set<Undo>();
    const meet = (connection: ProxiedConnection, receipt: RequestReceipt): Undo => {
      if (!fault.consider({ connection: 'calling' })) return () => {};
      receipt.faults.push(fault.name);
      const acted = act(connection, 'call');
      const heal = (): void => {
        if (undo.delete(heal)) void acted?.();
      };
      undo.add(heal);
      return heal;
    };
    this.#onCalls.add(meet);
    return () => {
      this.#onCalls.delete(meet);
      for (const heal of [...undo]) void heal();
    };
  }
}
