import type { Wait, Waiter } from '../blocking/carried.ts';
import type { Response } from '../http/start-request.ts';

/** Arguments of a request. */
type Asked = readonly [method: unknown, url: unknown, body?: unknown, params?: unknown];

/** Starts a request. Calls the waiter at its end, and never before this function returns. */
export type Send = (waiter: Waiter<Response>, ...asked: Asked) => void;

/** Sends a request from code without `await`. The VU waits meanwhile. */
export function waitFor(send: Send, method: unknown, url: unknown, body?: unknown, params?: unknown): Wait {
  return { begin: (waiter) => send(waiter, method, url, body, params) };
}
