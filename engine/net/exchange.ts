import type { Connection, ExchangeListener } from './connection.ts';
import { type NetworkError, TIMEOUT, toNetworkError } from './network-error.ts';
import { NO_HEAD, type ResponseHead } from './response-head.ts';
import { type Moments, type Timings, timingsOf } from './timings.ts';

/** A request as it goes out. */
export interface WireRequest {
  readonly method: string;
  /** Request line and headers, with the empty line at the end. */
  readonly head: string;
  readonly bytes: Uint8Array | null;
}

/** What came of it. With an `error`, the rest is what had arrived until then. */
export interface Exchange {
  readonly head: ResponseHead;
  /** To be read at once: it is overwritten by what comes in next. */
  readonly body: Buffer;
  readonly timings: Timings;
  /** Whether it had to open its connection. */
  readonly opened: boolean;
  /** When it ended, of performance.now(). */
  readonly ended: number;
  readonly error: NetworkError | null;
}

/** Reads along while an answer comes in. */
export interface Tap {
  /**
   * @param sentAt When the request went out, of performance.now().
   * @param end Ends the answer here, with an error or as if it were whole, and the connection with it.
   */
  onHead(head: ResponseHead, sentAt: number, end: (error: NetworkError | null) => void): void;
  /**
   * @param bytes To be read at once: they are overwritten by what comes in next.
   * @returns Whether they are its own, and no part of the body that is collected.
   */
  onData(bytes: Buffer): boolean;
}

const NO_BYTES = Buffer.alloc(0);

/**
 * Sends one request on one connection and collects the answer. Nothing is sent twice and nothing followed here.
 *
 * @param begun When the caller began, of performance.now().
 * @param deadline When it is to have ended, of performance.now(). The connection is ended with it.
 * @param done Called once, with an error inside where there is one.
 * @param tap Left out where nobody wants the answer before its end.
 */
export function exchange(
  connection: Connection,
  request: WireRequest,
  begun: number,
  deadline: number,
  done: (result: Exchange) => void,
  tap?: Tap,
): void {
  const run = new Run(connection, begun, deadline, done, tap);
  connection.send(request.method, request.head, request.bytes, run);
}

class Run implements ExchangeListener {
  readonly #connection: Connection;
  readonly #done: (result: Exchange) => void;
  readonly #opened: boolean;
  readonly #moments: Moments;
  #head: ResponseHead | null = null;
  #body: Buffer = NO_BYTES;
  #chunks: Buffer[] | null = null;
  #isOver = false;
  readonly #tap: Tap | undefined;

  constructor(
    connection: Connection,
    begun: number,
    deadline: number,
    done: (result: Exchange) => void,
    tap: Tap | undefined,
  ) {
    this.#tap = tap;
    this.#connection = connection;
    this.#done = done;
    this.#opened = !connection.wasOpened;
    this.#moments = { begun, sending: 0, sent: 0, firstByte: 0, ended: 0 };
    connection.deadline.set(deadline, () => this.#end(TIMEOUT));
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
    // What is read within this turn needs no copy: most answers come in one piece.
    if (isLast && !this.#chunks) this.#body = bytes;
    else {
      this.#chunks ??= [];
      this.#chunks.push(Buffer.from(bytes));
    }
  }

  onEnd(): void {
    this.#end(null, this.#connection.receivedAt);
  }

  onMalformed(message: string): void {
    this.#end({ message, code: 1000 });
  }

  onClosed(error: Error | null): void {
    this.#end(toNetworkError(error, this.#head !== null, this.#connection.ends));
  }

  #end(error: NetworkError | null, ended = performance.now()): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#connection.deadline.clear();
    this.#moments.ended = ended;
    if (error) this.#connection.destroy();
    this.#done({
      head: this.#head ?? NO_HEAD,
      body: this.#chunks ? Buffer.concat(this.#chunks) : this.#body,
      timings: timingsOf(this.#moments, this.#connection, this.#opened),
      opened: this.#opened,
      ended,
      error,
    });
  }
}
