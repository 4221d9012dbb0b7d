import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { type buildConnector, Client } from 'undici';
import type { ClientCertificate } from '../options/run-options.ts';
import { addressOf } from './hosts.ts';

/** What the connections of one VU have in common. */
export interface ConnectionSettings {
  /** The address that they come from; undefined leaves it to the operating system. */
  readonly localAddress: string | undefined;
  /** Whether a connection serves more than one request. */
  readonly reuse: boolean;
  readonly verifyTls: boolean;
  readonly hosts: Readonly<Record<string, string>>;
  readonly certificates: readonly ClientCertificate[];
}

/** Go's default for idle connections, and so k6's: milliseconds. */
const IDLE_LIMIT = 90_000;

/** One connection to one origin, opened by its first request. Moments are of performance.now(); 0 where not reached. */
export class Connection {
  readonly origin: string;
  readonly client: Client;
  connectStart = 0;
  connected = 0;
  secured = 0;
  /** How many requests it has served to the end. */
  served = 0;
  /** How often it has been opened: the client opens it again where it was closed before a request was written. */
  openings = 0;
  isOpen = true;
  /** Of the other side; kept when the connection is closed. Empty and 0 before it is opened. */
  remoteAddress = '';
  remotePort = 0;
  /** Such as `tls1.3`, k6's spelling, and the cipher suite; both empty where there is no TLS. */
  tls = { version: '', cipher: '' };
  #closedSent = 0;
  #closedReceived = 0;
  #socket: Socket | null = null;
  #raw: Socket | null = null;

  constructor(origin: string, settings: ConnectionSettings) {
    this.origin = origin;
    this.client = new Client(origin, {
      pipelining: settings.reuse ? 1 : 0,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_LIMIT,
      allowH2: false,
      connect: (options, callback) => this.#connect(options, settings, callback),
    });
    this.client.on('disconnect', () => {
      this.isOpen = false;
    });
  }

  get bytesSent(): number {
    return this.#closedSent + (this.#raw?.bytesWritten ?? 0);
  }

  get bytesReceived(): number {
    return this.#closedReceived + (this.#raw?.bytesRead ?? 0);
  }

  /** Ends it at once, whatever it is at. */
  destroy(): void {
    this.isOpen = false;
    this.client.destroy().catch(() => {});
    this.#socket?.destroy();
  }

  #connect(options: buildConnector.Options, settings: ConnectionSettings, callback: buildConnector.Callback): void {
    const secure = options.protocol === 'https:';
    [this.#closedSent, this.#closedReceived] = [this.bytesSent, this.bytesReceived];
    [this.isOpen, this.connected, this.secured] = [true, 0, 0];
    this.openings += 1;
    const tcp = connectTcp({
      ...addressOf(settings.hosts, options.hostname, Number(options.port) || (secure ? 443 : 80)),
      ...(settings.localAddress !== undefined && { localAddress: settings.localAddress }),
      noDelay: true,
    });
    this.connectStart = performance.now();
    this.#raw = tcp;
    tcp.once('connect', () => {
      this.connected = performance.now();
    });
    const servername = options.servername || options.hostname;
    const socket = secure
      ? connectTls({
          socket: tcp,
          rejectUnauthorized: settings.verifyTls,
          ALPNProtocols: ['http/1.1'],
          ...certificateFor(settings.certificates, options.hostname),
          // A name in SNI is never an address (RFC 6066, section 3).
          ...(isIP(servername) === 0 ? { servername } : { host: servername }),
        })
      : tcp;
    this.#socket = socket;
    const failed = (error: Error) => callback(error, null);
    socket.once('error', failed).once(secure ? 'secureConnect' : 'connect', () => {
      if (socket instanceof TLSSocket) {
        this.secured = performance.now();
        this.tls = {
          version: (socket.getProtocol() ?? '').replace('TLSv', 'tls'),
          cipher: socket.getCipher().standardName,
        };
      }
      this.remoteAddress = socket.remoteAddress ?? '';
      this.remotePort = socket.remotePort ?? 0;
      socket.off('error', failed);
      callback(null, withoutKeepAliveHeader(socket));
    });
    // Without a listener an error of the raw socket would end the process; TLS passes it on.
    if (secure) tcp.on('error', (error) => socket.destroy(error));
  }
}

/** HTTP/1.1 keeps connections without being asked: k6 sends no such header, and servers see what k6 would send. */
function withoutKeepAliveHeader<T extends Socket>(socket: T): T {
  const write = socket.write.bind(socket) as (chunk: unknown, ...rest: unknown[]) => boolean;
  socket.write = (chunk: unknown, ...rest: unknown[]) =>
    write(typeof chunk === 'string' ? chunk.replace('\r\nconnection: keep-alive\r\n', '\r\n') : chunk, ...rest);
  return socket;
}

function certificateFor(certificates: readonly ClientCertificate[], host: string): object {
  const matches = (domain: string) => (domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : domain === host);
  const found = certificates.find(({ domains }) => !domains?.length || domains.some(matches));
  if (!found) return {};
  return { cert: found.cert, key: found.key, ...(found.password !== undefined && { passphrase: found.password }) };
}
