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

/** What the connections of one VU have in common. */
export interface ConnectionSettings {
  readonly dial: DialSettings;
  /** Whether a connection serves more than one request. */
  readonly reuse: boolean;
  readonly verifyTls: boolean;
  readonly tls: TlsSettings;
  readonly certificates: readonly ClientCertificate[];
  /** Which certificates are trusted; undefined for Node's own list. */
  readonly roots: readonly string[] | undefined;
}

/** Go's default for idle connections, and so k6's: milliseconds. */
const IDLE_LIMIT = 90_000;

/** Room for what comes in at once over one connection: bytes. */
const READ_SIZE = 16 * 1_024;

/** What a connection tells of a request: the answer, or what came instead. */
export interface ExchangeListener extends Receiver {
  /** It goes out now. */
  onSending(): void;
  onSent(): void;
  /** What the connection ended with; null where the other side closed it without a word. */
  onClosed(error: Error | null): void;
}

/**
 * One connection by one route, opened by its first request, that serves one request at a time. It speaks HTTP/1.1 by
 * itself: a request through a general client costs half as much again. Moments are of performance.now(); 0 where not reached.
 */
export class Connection {
  readonly route: Route;
  connectStart = 0;
  connected = 0;
  secured = 0;
  /** When it was last put aside. */
  idleSince = 0;
  isOpen = true;
  /** Of the other side; kept when the connection is closed. Empty and 0 before it is opened. */
  remoteAddress = '';
  remotePort = 0;
  /** Its own address and the other side's, as Go writes them. */
  ends = '';
  /** Such as `tls1.3`, k6's spelling, and the cipher suite; both empty where there is no TLS. */
  tls = { version: '', cipher: '' };
  /** Of the request that it is at. */
  readonly deadline = new Deadline();
  readonly #settings: ConnectionSettings;
  readonly #reader = new ResponseReader();
  #listener: ExchangeListener | null = null;
  #socket: Socket | null = null;
  #raw: Socket | null = null;
  #isReady = false;
  /** When bytes last came in, or their end. */
  receivedAt = 0;
  // Counted here: a socket's own count costs more than all of the rest that is measured.
  #sent = 0;
  #received = 0;

  constructor(route: Route, settings: ConnectionSettings) {
    this.route = route;
    this.#settings = settings;
  }

  /** Whether a request has used it. */
  get wasOpened(): boolean {
    return this.#raw !== null;
  }

  /** On the wire, and so with what TLS adds. */
  get bytesSent(): number {
    return this.#socket === this.#raw ? this.#sent : (this.#raw?.bytesWritten ?? 0);
  }

  get bytesReceived(): number {
    return this.#socket === this.#raw ? this.#received : (this.#raw?.bytesRead ?? 0);
  }

  /** Whether it may serve a request: Go, and so k6, closes what has been idle for long. */
  isUsable(now: number): boolean {
    return this.isOpen && now - this.idleSince < IDLE_LIMIT;
  }

  /** Sends a request, once the connection is open. The listener hears of one end, and of nothing after it. */
  send(method: string, head: string, body: Uint8Array | null, listener: ExchangeListener): void {
    this.#listener = listener;
    this.#reader.begin(method, this.#toListener);
    if (this.#isReady) this.#write(head, body);
    else
      this.#connect(() => {
        if (this.#listener === listener) this.#write(head, body);
      });
  }

  /** Ends it at once, whatever it is at. */
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

  /** Bytes come without going through a stream, which costs as much as all else here. */
  readonly #onBytes = (bytes: Buffer): void => {
    this.receivedAt = performance.now();
    this.#received += bytes.length;
    // An answer that nobody asked for.
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

  /** Takes a connection that opens for the one that requests go by. */
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
      // A name in SNI is never an address (RFC 6066, section 3).
      ...(isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0 ? { servername: hostname } : { host: hostname }),
    });
    // Without a listener an error of the raw socket would end the process; TLS passes it on.
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

/** What a TLS connection to a host is opened with, whatever is spoken over it. */
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
