import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
  OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type NetworkError, toNetworkError } from './network-error.ts';
import type { Peer } from './peer.ts';
import { join, type ResponseHead } from './response-head.ts';

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

/** The error codes of HTTP/2 by number (RFC 9113, section 7). */
const NAMES = `NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR
  REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY
  HTTP_1_1_REQUIRED`.split(/\s+/);

const PROTOCOL_ERROR = NAMES.indexOf('PROTOCOL_ERROR');
const REFUSED_STREAM = NAMES.indexOf('REFUSED_STREAM');
const CANCEL = NAMES.indexOf('CANCEL');

const nameOf = (code: number): string => NAMES[code] ?? `unknown error code 0x${code.toString(16)}`;

/** k6's `error_code`. `base` stands for unknown codes and is followed by the numbers of the known ones. */
const numberOf = (base: number, code: number): number => base + (code < NAMES.length ? code + 1 : 0);

/** The server reset a stream. */
const streamError = (code: number, id: number): NetworkError => ({
  message: `http2: stream error with http2 ErrCode ${nameOf(code)}`,
  code: numberOf(1630, code),
  cause: `stream error: stream ID ${id}; ${nameOf(code)}; received from peer`,
  ...(code === REFUSED_STREAM && { isRefused: true }),
});

/** The server said that it closes the connection, and did so before a response was complete. */
function goAwayError({ code, last }: { readonly code: number; readonly last: number }, id: number): NetworkError {
  // As in Go, the first request is not sent again, because the server would probably refuse it again.
  if (id > last && (id > 1 || code === 0)) return streamError(REFUSED_STREAM, id);
  return {
    message: `http2: received GoAway with http2 ErrCode ${nameOf(code)}`,
    code: numberOf(1610, code),
    cause: `http2: server sent GOAWAY and closed the connection; LastStreamID=${last}, ErrCode=${nameOf(code)}, debug=""`,
  };
}

/** The server sent something that is not HTTP/2. */
const protocolError: NetworkError = {
  message: `http2: connection error with http2 ErrCode ${nameOf(PROTOCOL_ERROR)}`,
  code: numberOf(1650, PROTOCOL_ERROR),
  cause: `connection error: ${nameOf(PROTOCOL_ERROR)}`,
};

type Http2Headers = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** Headers that apply to a connection of HTTP/1.1, and `Host`, which HTTP/2 replaces (RFC 9113, section 8.2.2). */
const OF_HTTP1 = new Set(['host', 'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** The most recent head. Most requests have the same one. */
let latest: { readonly head: string; readonly fields: OutgoingHttpHeaders } = { head: '', fields: {} };

/**
 * Converts the head of a request from HTTP/1.1 to the fields of HTTP/2.
 *
 * @param head The request line and headers, including the final empty line.
 */
function fieldsOf(head: string): OutgoingHttpHeaders {
  if (head === latest.head) return latest.fields;
  const [line = '', ...lines] = head.slice(0, head.indexOf('\r\n\r\n')).split('\r\n');
  const [method, path] = line.split(' ');
  const fields: OutgoingHttpHeaders = { ':method': method, ':path': path, ':scheme': 'https' };
  for (const field of lines) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 2);
    if (name === 'host') fields[':authority'] = value;
    else if (!OF_HTTP1.has(name)) fields[name] = value;
  }
  latest = { head, fields };
  return fields;
}

/** Go's names of statuses, if Node has another one. */
const STATUS_TEXTS: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  414: 'Request URI Too Long',
  416: 'Requested Range Not Satisfiable',
  418: "I'm a teapot",
};

/** Converts a response head of HTTP/2, which has no status text. */
function headOf({ ':status': status = 0, ...headers }: Http2Headers): ResponseHead {
  const { STATUS_CODES } = process.getBuiltinModule('node:http');
  const statusText = STATUS_TEXTS[status] ?? STATUS_CODES[status] ?? '';
  return {
    proto: 'HTTP/2.0',
    status,
    statusText,
    statusLine: `${status} ${statusText}`.trim(),
    headers,
    joined: join(headers),
    framing: 0,
    keepsAlive: true,
  };
}
