import type { Wait, Waiter } from '../blocking/carried.ts';
import type { Response } from '../http/start-request.ts';

/** The arguments of a request. */
type Asked = readonly [method: unknown, url: unknown, body?: unknown, params?: unknown];

/** Begins a request; the waiter hears of its end, never before this returns. */
export type Send = (waiter: Waiter<Response>, ...asked: Asked) => void;

/** What code that a script does not await gives while its VU waits for the request. */
export function waitFor(send: Send, method: unknown, url: unknown, body?: unknown, params?: unknown): Wait {
  return { begin: (waiter) => send(waiter, method, url, body, params) };
}
