import { createServer, type Server, type Socket } from 'node:net';
import { RefusablePort } from '../base/refusable-port.ts';
import { ConnectionCalls } from '../calls/connection-calls.ts';
import { type CallKind, recognizers } from '../calls/index.ts';
import type { Undo } from '../kinds/lib/fault.ts';
import type { RequestReceipt } from '../receipts/receipt.ts';
import type { Receipts } from '../receipts/receipts.ts';
import { ProxiedConnection } from './proxied-connection.ts';

export interface TcpProxyOptions {
  /** The server's address. */
  readonly target: { readonly host: string; readonly port: number };
  /** Gets a receipt for each connection, under `name`. */
  readonly receipts: Receipts;
  readonly name: string;
  /** How to recognize calls. If absent, only connections have receipts. */
  readonly calls?: CallKind | undefined;
}

/** A TCP proxy. It forwards bytes unchanged, so TLS works through it. */
export class TcpProxy implements AsyncDisposable {
  /** Open connections, oldest first. */
  readonly connections = new Set<ProxiedConnection>();
  /** Called with each new connection before any byte is forwarded. */
  onConnection: (connection: ProxiedConnection) => void = () => {};
  /** Called with each call before its bytes are forwarded. Returns a function to call when it ends. */
  onCall: (connection: ProxiedConnection, receipt: RequestReceipt) => Undo = () => () => {};
  readonly #options: TcpProxyOptions;
  #port: RefusablePort | undefined;

  private constructor(options: TcpProxyOptions) {
    this.#options = options;
  }

  static async start(options: TcpProxyOptions): Promise<TcpProxy> {
    const proxy = new TcpProxy(options);
    const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => proxy.#accept(socket));
    proxy.#port = await RefusablePort.open(server);
    return proxy;
  }

  get port(): number {
    return this.#listening.address.port;
  }

  /** Refuses new connections (ECONNREFUSED) until this is undone. Open connections stay open. */
  refuse(): Undo {
    return this.#listening.refuse();
  }

  /** Stops listening and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#listening[Symbol.asyncDispose]();
    for (const connection of this.connections) connection.close();
    await Promise.all([closed, ...[...this.connections].map(({ ended }) => ended)]);
  }

  #accept(socket: Socket): void {
    const { target, receipts, name, calls: kind } = this.#options;
    const calls =
      kind &&
      new ConnectionCalls(recognizers[kind](), {
        begin: (what) => {
          const receipt = receipts.open(name, what, '');
          return { receipt, undo: connection.beginCall(() => this.onCall(connection, receipt)) };
        },
        whenSent: (act) => connection.toServer.inTurn(act),
        end: (receipt, outcome) => receipts.end(receipt, outcome),
        encrypted: () => {
          connection.receipt.encrypted = true;
        },
      });
    const connection = new ProxiedConnection(socket, receipts.connected(name), calls);
    this.connections.add(connection);
    connection.ended.then((how) => {
      this.connections.delete(connection);
      receipts.end(connection.receipt, how);
    });
    this.onConnection(connection);
    calls?.accepted();
    connection.connect(target);
  }

  get #listening(): RefusablePort {
    return this.#port as RefusablePort;
  }
}
