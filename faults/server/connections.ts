import type { Server, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** How long clients have to close idle connections that the server ends, in milliseconds. */
const NOTICED_MS = 100;

/**
 * Keeps track of an HTTP or HTTPS server's connections: the TCP socket below each TLS socket (only a TCP socket can be
 * reset), their numbers, which connections are serving a request, and which ones predate a certificate change and must
 * not be reused.
 */
export class Connections {
  readonly #tcp = new Map<string, Socket>();
  /**
   * The TCP socket below each TLS socket. Asking the system for its address would cost as much as parsing a request.
   */
  readonly #below = new WeakMap<Socket, Socket>();
  readonly #idle = new Set<Socket>();
  readonly #numbers = new WeakMap<Socket, number>();
  /** Connections to a proxy, on which requests to other servers may arrive as well. */
  readonly #shared = new WeakSet<Socket>();
  #opened = 0;
  #current = new WeakSet<Socket>();

  constructor(server: Server, isTls: boolean) {
    server.on('connection', (tcp: Socket) => {
      const key = endpoint(tcp);
      this.#current.add(tcp);
      if (!isTls) {
        this.#begin(tcp, tcp);
        return;
      }
      this.#tcp.set(key, tcp);
      tcp.once('close', () => {
        // The client's port may already be in use again.
        if (this.#tcp.get(key) === tcp) this.#tcp.delete(key);
      });
    });
    server.on('secureConnection', (tls: Socket) => {
      const tcp = this.#tcp.get(endpoint(tls));
      this.#begin(tls, tcp);
    });
  }

  #begin(socket: Socket, tcp: Socket | undefined): void {
    if (tcp) this.#below.set(socket, tcp);
    this.#opened += 1;
    this.#numbers.set(socket, this.#opened);
    this.idle(socket);
    socket.once('close', () => this.#idle.delete(socket));
  }

  /**
   * Adds a connection to a proxy, unless it is known. Returns whether it is new. It is never closed because of a change
   * of this server, because it may be serving a request to another one.
   */
  share(tcp: Socket): boolean {
    if (this.#numbers.has(tcp)) return false;
    this.#shared.add(tcp);
    this.#begin(tcp, tcp);
    return true;
  }

  /** Returns the connection's number, in the order in which connections were established, starting at 1. */
  numberOf(socket: Socket): number | undefined {
    return this.#numbers.get(socket);
  }

  /** Whether the connection predates the current certificate. */
  isRetired(socket: Socket): boolean {
    if (this.#shared.has(socket)) return false;
    const tcp = this.#below.get(socket);
    return tcp === undefined || !this.#current.has(tcp);
  }

  /**
   * Closes idle connections, and all others after their current request. Resolves when clients have closed the idle ones
   * as well, which they do at once if they watch them, so that their next request can't be lost on one of these.
   */
  async retireAll(): Promise<void> {
    this.#current = new WeakSet();
    const idle = [...this.#idle];
    if (idle.length === 0) return;
    const closed = idle.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of idle) socket.end();
    await Promise.race([Promise.all(closed), setTimeout(NOTICED_MS, undefined, { ref: false })]);
    for (const socket of idle) socket.destroy();
  }

  /** Marks a connection as serving a request. */
  busy(socket: Socket): void {
    this.#idle.delete(socket);
  }

  /** Marks a connection as idle. */
  idle(socket: Socket): void {
    if (socket.destroyed || this.#shared.has(socket)) return;
    if (this.isRetired(socket)) socket.destroySoon();
    else this.#idle.add(socket);
  }

  /** Resets a connection (TCP RST). The client sees ECONNRESET. */
  reset(socket: Socket): void {
    // A TLS socket itself can't be reset (ERR_INVALID_HANDLE_TYPE).
    this.#below.get(socket)?.resetAndDestroy();
    socket.destroy();
  }
}

/** The local port tells connections to this server's own port from those to a proxy. */
const endpoint = ({ remoteAddress, remotePort, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localPort}`;
