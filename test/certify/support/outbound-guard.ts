import { Socket } from 'node:net';

/** Refuses, from now on, every TCP connection of this process that does not go where it is allowed to go. */
export class OutboundGuard implements Disposable {
  readonly #connect = Socket.prototype.connect;
  #refused: string[] = [];

  /** @param allowed Origins, such as "https://127.0.0.1:4001". */
  constructor(allowed: readonly string[]) {
    const hosts = new Set(allowed.map((origin) => new URL(origin).host));
    const refused = (address: string) => this.#refused.push(address);
    const connect = this.#connect as (this: Socket, ...args: unknown[]) => Socket;
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
      const address = addressOf(args);
      if (address === undefined || hosts.has(address)) return connect.apply(this, args);
      refused(address);
      // A TLS socket tells of it once more, when the HTTP client has stopped to listen.
      this.on('error', () => {});
      return this.destroy(new Error(`${address} is none of ${[...hosts].join(', ')}`));
    } as typeof Socket.prototype.connect;
  }

  /** Tells, once, where it did not let a connection go. */
  takeRefused(): string[] {
    const taken = this.#refused;
    this.#refused = [];
    return taken;
  }

  [Symbol.dispose](): void {
    Socket.prototype.connect = this.#connect;
  }
}

/** "host:port" of a TCP connection; undefined of a pipe. */
function addressOf(args: unknown[]): string | undefined {
  // Node itself hands on its arguments as an array of what it was called with.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null) {
    const { path, host, port } = first as { path?: string; host?: string; port?: number | string };
    // A TLS connection's options may carry the request's path beside host and port.
    return port === undefined && path !== undefined ? undefined : `${host ?? 'localhost'}:${port}`;
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined;
  return `${typeof second === 'string' ? second : 'localhost'}:${first}`;
}
