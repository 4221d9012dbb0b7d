import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/**
 * The connections of one HTTPS server: the TCP socket below each TLS one (only that can be reset), which of them serve
 * a request, and which were made before the certificate was changed and so must not be used again.
 */
export class Connections {
  readonly #tcp = new Map<string, Socket>();
  /** The socket below each TLS one: asking the system for its endpoint costs as much as parsing a request. */
  readonly #below = new WeakMap<Socket, Socket>();
  readonly #idle = new Set<TLSSocket>();
  #current = new WeakSet<Socket>();

  constructor(server: Server) {
    server.on('connection', (tcp: Socket) => {
      const key = endpoint(tcp);
      this.#tcp.set(key, tcp);
      this.#current.add(tcp);
      tcp.once('close', () => {
        // The client's port may be in use again by now.
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

  /** Whether the connection is of an earlier certificate. */
  isRetired(tls: Socket): boolean {
    const tcp = this.#below.get(tls);
    return tcp === undefined || !this.#current.has(tcp);
  }

  /** Closes every connection that serves no request; the others close when they have served theirs. */
  retireAll(): void {
    this.#current = new WeakSet();
    for (const tls of this.#idle) tls.destroy();
  }

  /** Says that a connection serves a request. */
  busy(tls: TLSSocket): void {
    this.#idle.delete(tls);
  }

  /** Says that a connection serves no request (any more). */
  idle(tls: TLSSocket): void {
    if (tls.destroyed) return;
    if (this.isRetired(tls)) tls.destroySoon();
    else this.#idle.add(tls);
  }

  /** Ends a connection with a TCP RST: its client sees ECONNRESET. */
  reset(tls: Socket): void {
    // A TLS socket can't be reset itself (ERR_INVALID_HANDLE_TYPE).
    this.#below.get(tls)?.resetAndDestroy();
    tls.destroy();
  }
}

const endpoint = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;
