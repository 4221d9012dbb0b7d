import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/**
 * Runs `handle` in the context of the request `id`. The id is added to every log line, also of code awaited by
 * `handle`.
 */
export function withinRequest<T>(id: string, handle: () => T): T {
  return current.run(id, handle);
}

/**
 * Runs `act` outside of any request. Use it for code that a request starts but that does not belong to it, such as a
 * timer.
 */
export function outsideRequests<T>(act: () => T): T {
  return current.exit(act);
}

/** Returns the id of the current request, if any. */
export function currentRequestId(): string | undefined {
  return current.getStore();
}
