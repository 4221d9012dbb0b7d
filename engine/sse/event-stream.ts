import { createParser } from 'eventsource-parser';
import { startTimer } from '../base/exact-timer.ts';
import { Mailbox } from '../base/mailbox.ts';
import type { Tap } from '../net/exchange.ts';
import { type NetworkError, TIMEOUT } from '../net/network-error.ts';
import type { ResponseHead } from '../net/response-head.ts';

/** A server-sent event with the field names of k6/x/sse. */
export interface StreamEvent {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  /** When its last byte arrived, on the `performance.now()` clock. */
  readonly at: number;
}

/** Parses server-sent events as they arrive and queues them. */
export class EventStream implements Tap {
  /** Whether the response is an event stream. */
  isStream = false;
  isStalled = false;
  /** When the request was sent, on the `performance.now()` clock. */
  sentAt = 0;
  readonly #idleLimit: number;
  readonly #decoder = new TextDecoder();
  readonly #events = new Mailbox<StreamEvent>();
  readonly #parser = createParser({
    onEvent: ({ id = '', event = '', data }) => this.#events.post({ id, name: event, data, at: performance.now() }),
  });
  #end: (error: NetworkError | null) => void = () => {};
  #cancelIdle: () => void = () => {};

  /** @param idleLimit Milliseconds without data after which the stream ends. Use Infinity to disable. */
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

  /** Waits for the next event. Resolves to null at the end of the stream. Only one call may be pending at a time. */
  next(): Promise<StreamEvent | null> {
    return this.#events.next();
  }

  /** Closes the connection. No further events are delivered. */
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
