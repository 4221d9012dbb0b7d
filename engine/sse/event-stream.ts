import { createParser } from 'eventsource-parser';
import { startTimer } from '../base/exact-timer.ts';
import { Mailbox } from '../base/mailbox.ts';
import type { Tap } from '../net/exchange.ts';
import { type NetworkError, TIMEOUT } from '../net/network-error.ts';
import type { ResponseHead } from '../net/response-head.ts';

/** A server-sent event, with k6/x/sse's field names. */
export interface StreamEvent {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  /** The arrival of its last byte, on the clock of performance.now(). */
  readonly at: number;
}

/** Parses a stream of server-sent events as it arrives and queues the events. */
export class EventStream implements Tap {
  /** Whether the response is an event stream. */
  isStream = false;
  isStalled = false;
  /** When the request was sent, on the clock of performance.now(). */
  sentAt = 0;
  readonly #idleLimit: number;
  readonly #decoder = new TextDecoder();
  readonly #events = new Mailbox<StreamEvent>();
  readonly #parser = createParser({
    onEvent: ({ id = '', event = '', data }) => this.#events.post({ id, name: event, data, at: performance.now() }),
  });
  #end: (error: NetworkError | null) => void = () => {};
  #cancelIdle: () => void = () => {};

  /** @param idleLimit Ends the stream after this many milliseconds without data; Infinity for never. */
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

  /** Returns the next event; null at the end. Supports one pending call at a time. */
  next(): Promise<StreamEvent | null> {
    return this.#events.next();
  }

  /** Stops the stream: no more events arrive, and the connection is closed. */
  close(): void {
    this.#events.discard();
    this.over();
    this.#end(null);
  }

  /** Called when the response has ended. */
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
