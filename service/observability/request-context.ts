import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/**
 * Runs `handle` in the context of the request with the given ID. The ID is added to every log line, including lines
 * from code that `handle` awaits.
 */
export function withinRequest<T>(id: string, handle: () => T): T {
  return current.run(id, handle);
}

/**
 * Runs `act` outside any request context. Use it for code that is started by a request but does not belong to it, such
 * as a timer.
 */
export function outsideRequests<T>(act: () => T): T {
  return current.exit(act);
}

/** Returns the current request's ID, if any. */
export function currentRequestId(): string | undefined {
  return current.getStore();
}
