import { type AnyFunction, callInSteps, type Steps } from '../blocking/carried.ts';
import type { EventStream } from './event-stream.ts';

/** The object through which a script handles a stream. */
export class StreamClient {
  isClosed = false;
  readonly #stream: EventStream;
  readonly #handlers = new Map<unknown, AnyFunction[]>();

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  /** The object that is passed to the script. */
  readonly shown = {
    on: (event: unknown, handler: unknown): void => {
      if (typeof handler === 'function') this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
    },
    close: (): void => {
      this.isClosed = true;
      this.#stream.close();
    },
  };

  *emit(event: 'open' | 'event' | 'error', ...args: unknown[]): Steps<void> {
    for (const handler of this.#handlers.get(event) ?? []) yield* callInSteps(handler, undefined, args);
  }
}
