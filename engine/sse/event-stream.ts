import { createParser, type EventSourceParser } from 'eventsource-parser';
import { startTimer } from '../base/exact-timer.ts';
import { Mailbox } from '../base/mailbox.ts';
import { bodyTooLarge } from '../net/body-limit.ts';
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
  readonly #maxSize: number;
  readonly #decoder = new TextDecoder();
  readonly #events = new Mailbox<StreamEvent>();
  /** Number of characters in events that the script has not received yet. */
  #waiting = 0;
  readonly #parser: EventSourceParser;
  #isTooLarge = false;
  #end: (error: NetworkError | null) => void = () => {};
  #cancelIdle: () => void = () => {};

  /**
   * @param idleLimit Milliseconds without data after which the stream ends. Use Infinity to disable.
   * @param maxSize Maximum number of characters of an event, and of all events that the script has not received yet.
   * Beyond it, the stream ends with an error.
   */
  constructor(idleLimit: number, maxSize: number) {
    this.#idleLimit = idleLimit;
    this.#maxSize = maxSize;
    this.#parser = createParser({
      ...(Number.isFinite(maxSize) && { maxBufferSize: maxSize }),
      onEvent: ({ id = '', event = '', data }) => this.#post({ id, name: event, data, at: performance.now() }),
      onError: ({ type }) => {
        if (type === 'max-buffer-size-exceeded') this.#refuse('an event');
      },
    });
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
    if (this.#isTooLarge) return true;
    this.#watchIdle();
    this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
    return true;
  }

  /** Waits for the next event. Resolves to null at the end of the stream. Only one call may be pending at a time. */
  async next(): Promise<StreamEvent | null> {
    const event = await this.#events.next();
    this.#waiting -= event?.data.length ?? 0;
    return event;
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

  #post(event: StreamEvent): void {
    if (this.#isTooLarge) return;
    this.#waiting += event.data.length;
    if (this.#waiting > this.#maxSize) this.#refuse('the events that wait for the script');
    else this.#events.post(event);
  }

  #refuse(what: string): void {
    this.#isTooLarge = true;
    this.#end(bodyTooLarge(this.#maxSize, what));
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
