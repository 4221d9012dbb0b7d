import type { Socket } from 'node:net';
import { Connection, type ConnectionSettings, type ShareSession } from './connection.ts';
import { Http2Session } from './http2-session.ts';

/** Anything that transfers bytes. */
type Counted = Pick<Connection, 'bytesSent' | 'bytesReceived' | 'destroy'>;

/** The connections of one VU. They are kept open across requests and iterations (golden record 62). */
export class ConnectionPool {
  readonly #settings: ConnectionSettings;
  readonly #idle = new Map<string, Connection[]>();
  /** Sessions that any request to the same origin may use. */
  readonly #sessions = new Map<string, readonly Http2Session[]>();
  readonly #open = new Set<Counted>();
  #sent = 0;
  #received = 0;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /**
   * Returns a connection on an open session, the most recently used idle connection, or a new one. The number of
   * connections is unlimited.
   *
   * @param now The current time on the `performance.now()` clock.
   */
  acquire(origin: string, now: number): Connection {
    const session = this.#usableSession(origin);
    if (session) return new Connection(origin, this.#settings, this.#share, session);
    const idle = this.#idle.get(origin);
    for (let connection = idle?.pop(); connection; connection = idle?.pop()) {
      if (connection.isUsable(now)) return connection;
      connection.destroy();
      this.#forget(connection);
    }
    return this.acquireNew(origin);
  }

  acquireNew(origin: string): Connection {
    const connection = new Connection(origin, this.#settings, this.#share);
    this.#open.add(connection);
    return connection;
  }

  /**
   * Returns a connection to the pool if it can be reused, and otherwise closes it.
   *
   * @param now The current time on the `performance.now()` clock.
   */
  release(connection: Connection, now: number): void {
    if (!connection.isOpen || !this.#settings.reuse || connection.isStream) {
      connection.destroy();
      this.#forget(connection);
      return;
    }
    connection.idleSince = now;
    const idle = this.#idle.get(connection.origin);
    if (idle) idle.push(connection);
    else this.#idle.set(connection.origin, [connection]);
  }

  /** Counts the bytes of a socket that does not belong to the pool, such as that of a WebSocket. */
  count(socket: Socket): void {
    const counted: Counted = {
      get bytesSent() {
        return socket.bytesWritten;
      },
      get bytesReceived() {
        return socket.bytesRead;
      },
      destroy() {},
    };
    this.#open.add(counted);
    socket.once('close', () => this.#forget(counted));
  }

  /** Returns how many bytes were sent and received on the wire since the last call. */
  takeBytes(): { sent: number; received: number } {
    let sent = this.#sent;
    let received = this.#received;
    for (const connection of this.#open) {
      sent += connection.bytesSent;
      received += connection.bytesReceived;
    }
    const taken = { sent: sent - this.#takenSent, received: received - this.#takenReceived };
    this.#takenSent = sent;
    this.#takenReceived = received;
    return taken;
  }

  #takenSent = 0;
  #takenReceived = 0;

  /** Closes all connections, including those in use. */
  close(): void {
    for (const connection of this.#open) {
      connection.destroy();
      this.#forget(connection);
    }
    this.#idle.clear();
    this.#sessions.clear();
  }

  readonly #share: ShareSession = (origin, socket, raw, peer) => {
    const usable = this.#usableSession(origin);
    if (usable) return usable;
    const session: Http2Session = new Http2Session(socket, raw, peer, () => {
      this.#forget(session);
      this.#sessions.set(
        origin,
        this.#sessionsTo(origin).filter((other) => other !== session),
      );
    });
    this.#open.add(session);
    if (this.#settings.reuse) this.#sessions.set(origin, [...this.#sessionsTo(origin), session]);
    return session;
  };

  #sessionsTo(origin: string): readonly Http2Session[] {
    return this.#sessions.get(origin) ?? [];
  }

  #usableSession(origin: string): Http2Session | undefined {
    return this.#sessions.get(origin)?.find(({ isUsable }) => isUsable);
  }

  #forget(connection: Counted): void {
    if (!this.#open.delete(connection)) return;
    this.#sent += connection.bytesSent;
    this.#received += connection.bytesReceived;
  }
}
