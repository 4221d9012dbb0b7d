import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/**
 * The connections of an HTTPS server: the TCP socket below each TLS socket (only a TCP socket can be reset), which
 * connections are serving a request, and which ones predate a change of certificate and must not be reused.
 */
export class Connections {
  readonly #tcp = new Map<string, Socket>();
  /**
   * The TCP socket below each TLS socket. Asking the system for its address would cost as much as parsing a request.
   */
  readonly #below = new WeakMap<Socket, Socket>();
  readonly #idle = new Set<TLSSocket>();
  #current = new WeakSet<Socket>();

  constructor(server: Server) {
    server.on('connection', (tcp: Socket) => {
      const key = endpoint(tcp);
      this.#tcp.set(key, tcp);
      this.#current.add(tcp);
      tcp.once('close', () => {
        // The client's port may have been reused by now.
        if (this.#tcp.get(key) === tcp) this.#tcp.delete(key);
      });
    });
    server.on('secureConnection', (tls: TLSSocket) => {
      const tcp = this.#tcp.get(endpoint(tls));
      if (tcp) this.#below.set(tls, tcp);
      this.idle(tls);
      tls.once('close', () => this.#idle.delete(tls));
    });
  }

  /** Whether the connection predates the current certificate. */
  isRetired(tls: Socket): boolean {
    const tcp = this.#below.get(tls);
    return tcp === undefined || !this.#current.has(tcp);
  }

  /** Closes idle connections at once, and the others after their current request. */
  retireAll(): void {
    this.#current = new WeakSet();
    for (const tls of this.#idle) tls.destroy();
  }

  /** Marks a connection as serving a request. */
  busy(tls: TLSSocket): void {
    this.#idle.delete(tls);
  }

  /** Marks a connection as idle. */
  idle(tls: TLSSocket): void {
    if (tls.destroyed) return;
    if (this.isRetired(tls)) tls.destroySoon();
    else this.#idle.add(tls);
  }

  /** Resets a connection (TCP RST): the client sees ECONNRESET. */
  reset(tls: Socket): void {
    // A TLS socket itself can't be reset (ERR_INVALID_HANDLE_TYPE).
    this.#below.get(tls)?.resetAndDestroy();
    tls.destroy();
  }
}

const endpoint = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;
