import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Runs `handle` as a part of the request `id`: whatever is logged in it, or awaited from it, is that request's. */
export function withinRequest<T>(id: string, handle: () => T): T {
  return current.run(id, handle);
}

/** Runs `act` as a part of no request: for what one request began, such as a timer, but does not belong to it. */
export function outsideRequests<T>(act: () => T): T {
  return current.exit(act);
}

/** The id of the request that is being served here, if one is. */
export function currentRequestId(): string | undefined {
  return current.getStore();
}
