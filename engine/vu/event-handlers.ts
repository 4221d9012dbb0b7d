import { type AnyFunction, callInSteps, type Steps } from '../blocking/carried.ts';

/** The functions that a script has set for the events of a connection. */
export class EventHandlers {
  readonly #handlers = new Map<unknown, AnyFunction[]>();

  /** Implements `on()`. Anything other than a function has no effect. */
  readonly on = (event: unknown, handler: unknown): void => {
    if (typeof handler === 'function') this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
  };

  *emit(event: string, ...args: unknown[]): Steps<void> {
    for (const handler of this.#handlers.get(event) ?? []) yield* callInSteps(handler, undefined, args);
  }
}
