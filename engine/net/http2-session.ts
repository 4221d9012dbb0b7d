import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CANCEL, goAwayError, PROTOCOL_ERROR, protocolError, streamError } from './http2-errors.ts';
import { fieldsOf, type Http2Headers, headOf } from './http2-heads.ts';
import { type NetworkError, toNetworkError } from './network-error.ts';
import type { Peer } from './peer.ts';
import type { ResponseHead } from './response-head.ts';

/** Receives the response to one request, or the reason why there is none. */
export interface StreamReceiver {
  onHead(head: ResponseHead): void;
  onData(bytes: Buffer, isLast: boolean): void;
  /** Called once, after which nothing more follows. The error is null if the response is complete. */
  onOver(error: NetworkError | null): void;
}

/** The limits that k6 announces: bytes in flight per request and per connection, and bytes of a response head. */
const STREAM_WINDOW = 4 * 2 ** 20;
const SESSION_WINDOW = 2 ** 30;
const MAX_HEAD = 10 * 2 ** 20;

/** Megabytes for one connection before Node refuses streams. Its default, 10, is less than a window. */
const MEMORY = 4_096;

/** A connection whose server chose HTTP/2. It handles any number of requests at the same time. */
export class Http2Session {
  readonly peer: Peer;
  readonly #session: ClientHttp2Session;
  readonly #raw: Socket;
  #streams = 0;
  #socketError: Error | null = null;
  /** The server's last words: it handles no requests after the given stream. */
  #goAway: { readonly code: number; readonly last: number } | null = null;

  /**
   * @param socket The TLS socket, from which nothing has been read.
   * @param raw The socket beneath it, which counts bytes.
   * @param onClose Called when the connection has been closed.
   */
  constructor(socket: Duplex, raw: Socket, peer: Peer, onClose: () => void) {
    this.peer = peer;
    this.#raw = raw;
    // Loading it takes 10 ms, which scripts that don't need it should not pay.
    const { connect } = process.getBuiltinModule('node:http2');
    this.#session = connect('https://localhost', {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW, maxHeaderListSize: MAX_HEAD },
      maxSessionMemory: MEMORY,
    });
    socket.on('error', (error) => {
      this.#socketError ??= error;
    });
    this.#session
      .once('connect', () => this.#session.setLocalWindowSize(SESSION_WINDOW))
      .on('error', () => {})
      .on('goaway', (code, last) => {
        this.#goAway = { code, last };
      })
      .once('close', () => {
        raw.destroy();
        onClose();
      });
  }

  /** Number of bytes on the wire, including TLS overhead. */
  get bytesSent(): number {
    return this.#raw.bytesWritten;
  }

  get bytesReceived(): number {
    return this.#raw.bytesRead;
  }

  /** Whether the server accepts another request now. */
  get isUsable(): boolean {
    const { closed, destroyed, remoteSettings } = this.#session;
    return !closed && !destroyed && this.#streams < (remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
  }

  /** Whether the session uses a socket. */
  isOn(raw: Socket): boolean {
    return this.#raw === raw;
  }

  /** Closes the connection immediately. */
  destroy(): void {
    this.#session.destroy();
  }

  /**
   * Sends a request.
   *
   * @param head The head of the same request in HTTP/1.1.
   * @returns A function that cancels the request, after which the receiver is not called.
   */
  send(head: string, body: Uint8Array | null, to: StreamReceiver): () => void {
    const hasBody = body !== null && body.length > 0;
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.request(fieldsOf(head), { endStream: !hasBody });
    } catch (error) {
      queueMicrotask(() => to.onOver({ message: (error as Error).message, code: 1000 }));
      return () => {};
    }
    if (hasBody) stream.end(body);
    this.#streams += 1;
    let [isOver, isAnswered, left] = [false, false, Number.NaN];
    const over = (error: unknown, isEnded: boolean) => {
      if (isOver) return;
      isOver = true;
      this.#streams -= 1;
      // nghttp2 resets a stream itself if its body does not have the announced length.
      const isShort = left > 0 && (stream.rstCode === PROTOCOL_ERROR || stream.rstCode === 0);
      const isWhole = isEnded && isAnswered && stream.rstCode === 0;
      to.onOver(isShort ? toNetworkError(null, true) : isWhole ? null : this.#failureOf(stream, error));
    };
    stream
      .on('response', (headers: Http2Headers) => {
        isAnswered = true;
        if (!stream.endAfterHeaders) left = Number(headers['content-length'] ?? Number.NaN);
        if (!isOver) to.onHead(headOf(headers));
      })
      .on('data', (bytes: Buffer) => {
        left -= bytes.length;
        if (!isOver) to.onData(bytes, left === 0);
      })
      .on('end', () => over(null, true))
      .on('error', (error) => over(error, false))
      .on('close', () => over(null, false));
    return () => {
      if (isOver) return;
      isOver = true;
      this.#streams -= 1;
      stream.close(CANCEL);
    };
  }

  #failureOf({ rstCode = 0, id = 0 }: ClientHttp2Stream, error: unknown): NetworkError {
    if (!this.#session.destroyed) return streamError(rstCode, id);
    if (this.#goAway) return goAwayError(this.#goAway, id);
    if ((error as { code?: string } | null)?.code === 'ERR_HTTP2_ERROR') return protocolError;
    return toNetworkError(this.#socketError, true, this.peer.ends);
  }
}
