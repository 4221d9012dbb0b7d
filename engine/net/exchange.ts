import { bodyTooLarge } from './body-limit.ts';
import type { Connection, ExchangeListener } from './connection.ts';
import type { DeadlineOwner } from './deadline.ts';
import { type NetworkError, TIMEOUT, toNetworkError } from './network-error.ts';
import { NO_HEAD, type ResponseHead } from './response-head.ts';
import { type Moments, type Timings, timingsOf } from './timings.ts';

/** A request in wire format. */
export interface WireRequest {
  readonly method: string;
  /** The request line and headers, including the final empty line. */
  readonly head: string;
  readonly bytes: Uint8Array | null;
}

/** A request's result. If `error` is set, the other fields contain the data received before the error. */
export interface Exchange {
  readonly head: ResponseHead;
  /** Read it synchronously: later data overwrites the buffer. */
  readonly body: Buffer;
  readonly timings: Timings;
  /** Whether this request opened the connection. */
  readonly opened: boolean;
  /** When the exchange ended, on the `performance.now()` clock. */
  readonly ended: number;
  readonly error: NetworkError | null;
}

/** Receives the result of a request. */
export interface ExchangeOwner {
  onExchange(result: Exchange): void;
}

/** Observes a response as it arrives. */
export interface Tap {
  /**
   * @param sentAt When the request was sent, on the `performance.now()` clock.
   * @param end Ends the response at this point, with an error or as if it were complete, and closes the connection.
   */
  onHead(head: ResponseHead, sentAt: number, end: (error: NetworkError | null) => void): void;
  /**
   * @param bytes Read it synchronously: later data overwrites the buffer.
   * @returns Whether the tap consumed the bytes, so that they are not added to the body.
   */
  onData(bytes: Buffer): boolean;
}

const NO_BYTES = Buffer.alloc(0);

/**
 * Sends a single request on a connection and collects the response. Does not retry or follow redirects.
 *
 * @param begun When the caller started, on the `performance.now()` clock.
 * @param deadline The timeout, on the `performance.now()` clock. The connection is closed when it passes.
 * @param owner Called once. Failures are reported in the exchange.
 * @param tap Observes the response as it arrives.
 * @param maxBody Maximum number of bytes of a body, as it is sent. If a body is larger, the exchange fails.
 */
export function exchange(
  connection: Connection,
  request: WireRequest,
  begun: number,
  deadline: number,
  owner: ExchangeOwner,
  tap?: Tap,
  maxBody = Number.POSITIVE_INFINITY,
): void {
  const run = new Run(connection, begun, deadline, owner, tap, maxBody);
  connection.send(request.method, request.head, request.bytes, run);
}

class Run implements ExchangeListener, DeadlineOwner {
  readonly #connection: Connection;
  readonly #owner: ExchangeOwner;
  readonly #opened: boolean;
  readonly #moments: Moments;
  #head: ResponseHead | null = null;
  #body: Buffer = NO_BYTES;
  #chunks: Buffer[] | null = null;
  #isOver = false;
  readonly #tap: Tap | undefined;
  readonly #maxBody: number;
  #length = 0;

  constructor(
    connection: Connection,
    begun: number,
    deadline: number,
    owner: ExchangeOwner,
    tap: Tap | undefined,
    maxBody: number,
  ) {
    this.#tap = tap;
    this.#maxBody = maxBody;
    this.#connection = connection;
    this.#owner = owner;
    this.#opened = !connection.wasOpened;
    this.#moments = { begun, sending: 0, sent: 0, firstByte: 0, ended: 0 };
    connection.deadline.set(deadline, this);
  }

  onMissed(): void {
    this.#end(TIMEOUT);
  }

  onSending(): void {
    this.#moments.sending = performance.now();
  }

  onSent(): void {
    this.#moments.sent = performance.now();
  }

  onHead(head: ResponseHead): void {
    this.#moments.firstByte = this.#connection.receivedAt;
    this.#head = head;
    this.#tap?.onHead(head, this.#moments.sending, (error) => {
      this.#end(error);
      this.#connection.destroy();
    });
  }

  onData(bytes: Buffer, isLast: boolean): void {
    if (this.#tap?.onData(bytes)) return;
    this.#length += bytes.length;
    if (this.#length > this.#maxBody) {
      this.#chunks = null;
      this.#end(bodyTooLarge(this.#maxBody));
      return;
    }
    // Don't copy data that is consumed in this turn. Most responses arrive in one piece.
    if (isLast && !this.#chunks) this.#body = bytes;
    else {
      this.#chunks ??= [];
      this.#chunks.push(Buffer.from(bytes));
    }
  }

  onEnd(): void {
    this.#end(null, this.#connection.receivedAt);
  }

  onFailed(error: NetworkError): void {
    this.#end(error);
  }

  onClosed(error: Error | null): void {
    this.#end(toNetworkError(error, this.#head !== null, this.#connection.peer.ends));
  }

  #end(error: NetworkError | null, ended = performance.now()): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#connection.deadline.clear();
    this.#moments.ended = ended;
    if (error) this.#connection.destroy();
    this.#owner.onExchange({
      head: this.#head ?? NO_HEAD,
      body: this.#chunks ? Buffer.concat(this.#chunks) : this.#body,
      timings: timingsOf(this.#moments, this.#connection, this.#opened),
      opened: this.#opened,
      ended,
      error,
    });
  }
}
