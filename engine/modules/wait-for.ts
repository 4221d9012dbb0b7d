import type { Wait, Waiter } from '../blocking/carried.ts';
import type { Response } from '../http/start-request.ts';

/** A request's arguments. */
type RequestArguments = readonly [method: unknown, url: unknown, body?: unknown, params?: unknown];

/** Starts a request. Calls the waiter when the request has finished, and never before this function returns. */
export type Send = (waiter: Waiter<Response>, ...requestArguments: RequestArguments) => void;

/** Sends a request for code that does not use `await`. The VU waits until it has finished. */
export function waitFor(send: Send, method: unknown, url: unknown, body?: unknown, params?: unknown): Wait {
  return { begin: (waiter) => send(waiter, method, url, body, params) };
}
