import { Socket } from 'node:net';

/** Blocks all TCP connections of this process, except those to the allowed origins, until it is disposed of. */
export class OutboundGuard implements Disposable {
  readonly #connect = Socket.prototype.connect;
  #refused: string[] = [];

  /** @param allowed Origins, for example `https://127.0.0.1:4001`. */
  constructor(allowed: readonly string[]) {
    const hosts = new Set(allowed.map((origin) => new URL(origin).host));
    const refused = (address: string) => this.#refused.push(address);
    const connect = this.#connect as (this: Socket, ...args: unknown[]) => Socket;
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
      const address = addressOf(args);
      if (address === undefined || hosts.has(address)) return connect.apply(this, args);
      refused(address);
      // A TLS socket emits the error again after the HTTP client has removed its listener.
      this.on('error', () => {});
      return this.destroy(new Error(`${address} is none of ${[...hosts].join(', ')}`));
    } as typeof Socket.prototype.connect;
  }

  /** Returns the addresses that have been blocked since the last call. */
  takeRefused(): string[] {
    const taken = this.#refused;
    this.#refused = [];
    return taken;
  }

  [Symbol.dispose](): void {
    Socket.prototype.connect = this.#connect;
  }
}

/** Returns the `host:port` of a TCP connection, or undefined for a pipe. */
function addressOf(args: unknown[]): string | undefined {
  // Node passes its own arguments on as a single array.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null) {
    const { path, host, port } = first as { path?: string; host?: string; port?: number | string };
    // The options of a TLS connection may contain the path of the request in addition to host and port.
    return port === undefined && path !== undefined ? undefined : `${host ?? 'localhost'}:${port}`;
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined;
  return `${typeof second === 'string' ? second : 'localhost'}:${first}`;
}
