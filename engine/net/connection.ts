import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, TLSSocket } from 'node:tls';
import { Deadline } from './deadline.ts';
import { type DialSettings, dialOptions } from './dial-options.ts';
import { atProxy } from './network-error.ts';
import { openTunnel } from './open-tunnel.ts';
import { type Receiver, ResponseReader } from './response-reader.ts';
import type { Route } from './route.ts';
import { type ClientCertificate, k6Version, type TlsSettings } from './tls-settings.ts';
import { contextWith } from './trusted-roots.ts';

/** Settings that apply to all connections of a VU. */
export interface ConnectionSettings {
  readonly dial: DialSettings;
  /** Whether to keep connections open for further requests. */
  readonly reuse: boolean;
  readonly verifyTls: boolean;
  readonly tls: TlsSettings;
  readonly certificates: readonly ClientCertificate[];
  /** The trusted root certificates, or undefined to use Node's built-in list. */
  readonly roots: readonly string[] | undefined;
}

/** Go's, and therefore k6's, default idle timeout in milliseconds. */
const IDLE_LIMIT = 90_000;

/** Size of a connection's read buffer in bytes. */
const READ_SIZE = 16 * 1_024;

/** Receives the response to a request, or an error. */
export interface ExchangeListener extends Receiver {
  /** Called when the connection starts to send the request. */
  onSending(): void;
  onSent(): void;
  /** Called when the connection closes. The error is null if the peer closed it cleanly. */
  onClosed(error: Error | null): void;
}

/**
 * A connection along one route. It is opened by the first request and handles one request at a time. It implements
 * HTTP/1.1 itself, because a general-purpose client would add 50% to the cost of each request. Times are on the
 * `performance.now()` clock, or 0 if that stage was not reached.
 */
export class Connection {
  readonly route: Route;
  connectStart = 0;
  connected = 0;
  secured = 0;
  /** When the connection last became idle. */
  idleSince = 0;
  isOpen = true;
  /** The peer's address and port, which remain set after the connection is closed. Empty and 0 before it is opened. */
  remoteAddress = '';
  remotePort = 0;
  /** The local and remote address in Go's format. */
  ends = '';
  /** The TLS version in k6's spelling, such as `tls1.3`, and the cipher suite. Both are empty if TLS is not used. */
  tls = { version: '', cipher: '' };
  /** The current request's deadline. */
  readonly deadline = new Deadline();
  readonly #settings: ConnectionSettings;
  readonly #reader = new ResponseReader();
  #listener: ExchangeListener | null = null;
  #socket: Socket | null = null;
  #raw: Socket | null = null;
  #isReady = false;
  /** When data or the end of the stream last arrived. */
  receivedAt = 0;
  // Count bytes here, because reading the socket's own counter costs more than all other measurements together.
  #sent = 0;
  #received = 0;

  constructor(route: Route, settings: ConnectionSettings) {
    this.route = route;
    this.#settings = settings;
  }

  /** Whether any request has used the connection. */
  get wasOpened(): boolean {
    return this.#raw !== null;
  }

  /** Number of bytes on the wire, including TLS overhead. */
  get bytesSent(): number {
    return this.#socket === this.#raw ? this.#sent : (this.#raw?.bytesWritten ?? 0);
  }

  get bytesReceived(): number {
    return this.#socket === this.#raw ? this.#received : (this.#raw?.bytesRead ?? 0);
  }

  /**
   * Whether the connection can handle another request. Like Go and k6, this closes connections that have been idle too
   * long.
   */
  isUsable(now: number): boolean {
    return this.isOpen && now - this.idleSince < IDLE_LIMIT;
  }

  /**
   * Sends a request, opening the connection first if necessary. The listener is notified exactly once that the exchange
   * has ended, and is not called after that.
   */
  send(method: string, head: string, body: Uint8Array | null, listener: ExchangeListener): void {
    this.#listener = listener;
    this.#reader.begin(method, this.#toListener);
    if (this.#isReady) this.#write(head, body);
    else
      this.#connect(() => {
        if (this.#listener === listener) this.#write(head, body);
      });
  }

  /** Closes the connection immediately. */
  destroy(): void {
    this.#socket?.destroy();
    this.#raw?.destroy();
    this.#closed(null);
  }

  #write(head: string, body: Uint8Array | null): void {
    const socket = this.#socket as Socket;
    this.#sent += head.length + (body?.length ?? 0);
    this.#listener?.onSending();
    if (body === null || body.length === 0) socket.write(head, 'latin1');
    else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
    this.#listener?.onSent();
  }

  /** Reads from the socket directly. Going through a stream would double the cost. */
  readonly #onBytes = (bytes: Buffer): void => {
    this.receivedAt = performance.now();
    this.#received += bytes.length;
    // Close the connection if a response arrives that was not requested.
    if (!this.#reader.push(bytes)) this.destroy();
  };

  readonly #toListener: Receiver = {
    onHead: (head) => this.#listener?.onHead(head),
    onData: (bytes, isLast) => this.#listener?.onData(bytes, isLast),
    onEnd: (keepsAlive) => {
      const listener = this.#listener;
      this.#listener = null;
      if (!keepsAlive) this.destroy();
      listener?.onEnd(keepsAlive);
    },
    onMalformed: (message) => {
      const listener = this.#listener;
      this.#listener = null;
      this.destroy();
      listener?.onMalformed(message);
    },
  };

  #closed(error: Error | null): void {
    this.isOpen = false;
    this.deadline.dispose();
    this.receivedAt = performance.now();
    const listener = this.#listener;
    if (!listener || this.#reader.finish()) return;
    this.#listener = null;
    listener.onClosed(error);
  }

  #connect(onReady: () => void): void {
    const { origin, proxy, tunnelTo } = this.route;
    const { hostname, port, protocol } = new URL(origin);
    const secure = protocol === 'https:';
    const isPlain = !secure && tunnelTo === null;
    const tcp = connectTcp({
      ...dialOptions(this.#settings.dial, hostname, Number(port) || (secure ? 443 : 80)),
      noDelay: true,
      ...(isPlain && {
        onread: {
          buffer: Buffer.allocUnsafeSlow(READ_SIZE),
          callback: (length: number, buffer: Uint8Array) => {
            this.#onBytes(buffer.subarray(0, length) as Buffer);
            return true;
          },
        },
      }),
    });
    this.connectStart = performance.now();
    this.#raw = tcp;
    tcp.once('connect', () => {
      this.connected = performance.now();
    });
    const first = secure ? this.#secure(tcp, hostname) : tcp;
    const end = (error: Error) => this.#closed(error);
    const fail = (error: Error) => this.#closed(proxy && !this.#isReady ? atProxy(error) : error);
    if (proxy === null || tunnelTo === null) {
      this.#use(first, secure, fail, onReady);
      return;
    }
    this.#socket = first;
    first.once('error', fail).once(secure ? 'secureConnect' : 'connect', () => {
      openTunnel(first, proxy, tunnelTo, (error) => {
        first.off('error', fail);
        if (error) this.#closed(error);
        else this.#use(this.#secure(first, new URL(tunnelTo).hostname), true, end, onReady);
      });
    });
  }

  /** Starts to use a socket that is still connecting. */
  #use(socket: Socket, secure: boolean, fail: (error: Error) => void, onReady: () => void): void {
    this.#socket = socket;
    if (secure) socket.on('data', this.#onBytes);
    socket.on('error', fail);
    socket.on('end', () => this.#closed(null));
    socket.on('close', () => this.#closed(null));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      if (socket instanceof TLSSocket) this.#noteTls(socket);
      this.remoteAddress = this.#raw?.remoteAddress ?? '';
      this.remotePort = this.#raw?.remotePort ?? 0;
      const own = address(this.#raw?.localAddress, this.#raw?.localPort);
      this.ends = `${own}->${address(this.remoteAddress, this.remotePort)}`;
      this.#isReady = true;
      onReady();
    });
  }

  #secure(tcp: Socket, hostname: string): TLSSocket {
    const socket = connectTls({
      socket: tcp,
      ...tlsOptions(this.#settings, hostname),
      ALPNProtocols: ['http/1.1'],
      // An SNI name is never an IP address (RFC 6066, section 3).
      ...(isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0 ? { servername: hostname } : { host: hostname }),
    });
    // Without a listener, an error on the raw socket would crash the process. The TLS socket reports the error.
    tcp.on('error', (error) => socket.destroy(error));
    return socket;
  }

  #noteTls(socket: TLSSocket): void {
    this.secured = performance.now();
    this.tls = {
      version: k6Version(socket.getProtocol() ?? ''),
      cipher: socket.getCipher().standardName,
    };
  }
}

const address = (host = '', port = 0): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** Returns the TLS options for a host. They are the same for every protocol on top of TLS. */
export function tlsOptions(
  settings: Pick<ConnectionSettings, 'tls' | 'verifyTls' | 'certificates' | 'roots'>,
  host: string,
): ConnectionOptions {
  const { tls, verifyTls, certificates, roots } = settings;
  const options = { ...tls, ...certificateFor(certificates, host) };
  const trust = roots && verifyTls ? { secureContext: contextWith(roots, options) } : options;
  return { ...trust, rejectUnauthorized: verifyTls };
}

function certificateFor(certificates: readonly ClientCertificate[], host: string): object {
  const matches = (domain: string) => (domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : domain === host);
  const found = certificates.find(({ domains }) => !domains?.length || domains.some(matches));
  if (!found) return {};
  return { cert: found.cert, key: found.key, ...(found.password !== undefined && { passphrase: found.password }) };
}
