import { createParser } from 'eventsource-parser';
import { startTimer } from '../base/exact-timer.ts';
import { Mailbox } from '../base/mailbox.ts';
import type { Tap } from '../net/exchange.ts';
import { type NetworkError, TIMEOUT } from '../net/network-error.ts';
import type { ResponseHead } from '../net/response-head.ts';

/** One server-sent event, with names as k6/x/sse has them. */
export interface StreamEvent {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  /** When its last byte came in, of performance.now(). */
  readonly at: number;
}

/** Takes a stream of server-sent events apart while it comes in, and keeps them until they are asked for. */
export class EventStream implements Tap {
  /** Whether what came is a stream at all. */
  isStream = false;
  isStalled = false;
  /** When the request went out, of performance.now(). */
  sentAt = 0;
  readonly #idleLimit: number;
  readonly #decoder = new TextDecoder();
  readonly #events = new Mailbox<StreamEvent>();
  readonly #parser = createParser({
    onEvent: ({ id = '', event = '', data }) => this.#events.post({ id, name: event, data, at: performance.now() }),
  });
  #end: (error: NetworkError | null) => void = () => {};
  #cancelIdle: () => void = () => {};

  /** @param idleLimit After so many milliseconds without a byte the stream is ended; Infinity for never. */
  constructor(idleLimit: number) {
    this.#idleLimit = idleLimit;
  }

  onHead({ status, headers }: ResponseHead, sentAt: number, end: (error: NetworkError | null) => void): void {
    this.sentAt = sentAt;
    this.#end = end;
    const type = String(headers['content-type'] ?? '');
    this.isStream = status === 200 && /^text\/event-stream\b/i.test(type) && headers['content-encoding'] === undefined;
    if (this.isStream) this.#watchIdle();
  }

  onData(bytes: Buffer): boolean {
    if (!this.isStream) return false;
    this.#watchIdle();
    this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
    return true;
  }

  /** The next event; null once there is none to come. One at a time. */
  next(): Promise<StreamEvent | null> {
    return this.#events.next();
  }

  /** Ends it where it is: no event comes any more, and the connection is closed. */
  close(): void {
    this.#events.discard();
    this.over();
    this.#end(null);
  }

  /** The answer has come to its end. */
  over(): void {
    this.#cancelIdle();
    this.#events.close();
  }

  #watchIdle(): void {
    this.#cancelIdle();
    if (this.#idleLimit === Number.POSITIVE_INFINITY) return;
    this.#cancelIdle = startTimer(this.#idleLimit, () => {
      this.isStalled = true;
      this.#end(TIMEOUT);
    });
  }
}
