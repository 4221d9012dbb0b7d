import { connect as connectTcp, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Deadline } from './deadline.ts';
import { type DialSettings, dialOptions } from './dial-options.ts';
import type { Http2Session, StreamReceiver } from './http2-session.ts';
import type { NetworkError } from './network-error.ts';
import { isSecure, NO_PEER, type Peer, peerOf } from './peer.ts';
import { type Receiver, ResponseReader } from './response-reader.ts';
import { type TlsTrust, tlsOptions } from './tls-settings.ts';

/** Settings that apply to all connections of a VU. */
export interface ConnectionSettings extends TlsTrust {
  readonly dial: DialSettings;
  /** Whether to keep connections open for further requests. */
  readonly reuse: boolean;
  /** Whether servers may choose HTTP/2. */
  readonly http2: boolean;
}

/** Go's, and therefore k6's, default idle timeout in milliseconds. */
const IDLE_LIMIT = 90_000;

/** Size of a connection's read buffer in bytes. */
const READ_SIZE = 16 * 1_024;

/** Up to this many bytes, copying a body behind its head costs less than writing both. */
const MOST_COPIED = 64 * 1_024;

/** Receives the response to a request, or an error. */
export interface ExchangeListener extends Omit<Receiver, 'onMalformed'> {
  /** Called when the connection starts to send the request. */
  onSending(): void;
  onSent(): void;
  /** Called when the connection closes. The error is null if the peer closed it cleanly. */
  onClosed(error: Error | null): void;
  /** Called if the exchange failed for another reason. */
  onFailed(error: NetworkError): void;
}

/** Returns the session for an origin: a usable one if there is one, and otherwise a new one on the given sockets. */
export type ShareSession = (origin: string, socket: TLSSocket, raw: Socket, peer: Peer) => Http2Session;

/**
 * A connection to one origin. It is opened by the first request and handles one request at a time. It implements
 * HTTP/1.1 itself, because a general-purpose client would add 50% to the cost of each request. If the server chooses
 * HTTP/2, the connection stands for a single request on a session that several requests share. Times are on the
 * `performance.now()` clock, or 0 if that stage was not reached.
 */
export class Connection {
  /** The scheme, host and port. */
  readonly origin: string;
  connectStart = 0;
  connected = 0;
  secured = 0;
  /** When the connection last became idle. */
  idleSince = 0;
  isOpen = true;
  peer = NO_PEER;
  /** The current request's deadline. */
  readonly deadline = new Deadline();
  readonly #settings: ConnectionSettings;
  readonly #reader = new ResponseReader();
  #listener: ExchangeListener | null = null;
  #socket: Socket | null = null;
  #raw: Socket | null = null;
  #isReady = false;
  readonly #share: ShareSession;
  #session: Http2Session | null;
  #cancelStream: () => void = () => {};
  /** When data or the end of the stream last arrived. */
  receivedAt = 0;
  // Count bytes here, because reading the socket's own counter costs more than all other measurements together.
  #sent = 0;
  #received = 0;

  /** @param session An open session to send the request on. */
  constructor(origin: string, settings: ConnectionSettings, share: ShareSession, session: Http2Session | null = null) {
    this.origin = origin;
    this.#settings = settings;
    this.#share = share;
    this.#session = session;
    this.#isReady = session !== null;
  }

  /** Whether any request has used the connection. */
  get wasOpened(): boolean {
    return this.#raw !== null || this.#session !== null;
  }

  /** Whether the connection stands for a single request on a session. */
  get isStream(): boolean {
    return this.#session !== null;
  }

  /** Number of bytes on the wire, including TLS overhead. Sessions count their own. */
  get bytesSent(): number {
    return this.#socket === this.#raw ? this.#sent : (this.#raw?.bytesWritten ?? 0);
  }

  get bytesReceived(): number {
    return this.#socket === this.#raw ? this.#received : (this.#raw?.bytesRead ?? 0);
  }

  /** Whether the connection can handle another request. As in Go, one that is idle too long can't. */
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
    this.#cancelStream();
    if (!this.#settings.reuse) this.#session?.destroy();
    this.#socket?.destroy();
    this.#raw?.destroy();
    this.#closed(null);
  }

  #write(head: string, body: Uint8Array | null): void {
    this.#listener?.onSending();
    if (this.#session) {
      this.peer = this.#session.peer;
      this.#cancelStream = this.#session.send(head, body, this.#toStream);
      this.#listener?.onSent();
      return;
    }
    const socket = this.#socket as Socket;
    this.#sent += head.length + (body?.length ?? 0);
    if (body === null || body.length === 0) socket.write(head, 'latin1');
    else if (body.length <= MOST_COPIED) socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
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
      listener?.onFailed({ message, code: 1000 });
    },
  };

  readonly #toStream: StreamReceiver = {
    onHead: (head) => this.#arrived()?.onHead(head),
    onData: (bytes, isLast) => this.#arrived()?.onData(bytes, isLast),
    onOver: (error) => {
      const listener = this.#arrived();
      this.#listener = null;
      if (error) listener?.onFailed(error);
      else listener?.onEnd(true);
    },
  };

  #arrived(): ExchangeListener | null {
    this.receivedAt = performance.now();
    return this.#listener;
  }

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
    const { hostname, port, protocol } = new URL(this.origin);
    const secure = protocol === 'https:';
    const tcp = connectTcp({
      ...dialOptions(this.#settings.dial, hostname, Number(port) || (secure ? 443 : 80)),
      noDelay: true,
      ...(!secure && {
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
    const socket = secure ? this.#secure(tcp, hostname) : tcp;
    this.#socket = socket;
    const fail = (error: Error) => this.#closed(error);
    const end = () => this.#closed(null);
    socket.on('error', fail).on('end', end).on('close', end);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      if (secure) this.secured = performance.now();
      this.peer = peerOf(this.#raw as Socket, socket);
      this.#isReady = true;
      if (isSecure(socket) && socket.alpnProtocol === 'h2') {
        socket.off('error', fail).off('end', end).off('close', end);
        this.#useSession(socket, this.#raw as Socket);
      } else if (secure) this.#bypassStream(socket);
      onReady();
    });
  }

  /** Reads without the stream's bookkeeping. TLS on top of another socket does not support `onread`. */
  #bypassStream(socket: Socket): void {
    const end = socket.push.bind(socket, null);
    socket.push = (bytes: Buffer | null) => {
      if (bytes === null) return end();
      this.#onBytes(bytes);
      return true;
    };
  }

  /** Hands the sockets over to a session, or closes them if another request has opened a session in the meantime. */
  #useSession(socket: TLSSocket, raw: Socket): void {
    this.#session = this.#share(this.origin, socket, raw, this.peer);
    this.#socket = null;
    if (this.#session.isOn(raw)) this.#raw = null;
    else {
      this.connectStart = 0;
      this.connected = 0;
      socket.on('error', () => {}).end();
    }
  }

  #secure(tcp: Socket, hostname: string): TLSSocket {
    const socket = process.getBuiltinModule('node:tls').connect({
      socket: tcp,
      ...tlsOptions(this.#settings, hostname),
      ALPNProtocols: this.#settings.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    });
    // Without a listener, an error on the raw socket would crash the process. The TLS socket reports the error.
    tcp.on('error', (error) => socket.destroy(error));
    return socket;
  }
}
