import { Wait } from '../blocking/carried.ts';
import type { Asker } from '../http/start-request.ts';

/** The arguments of a request. */
type Asked = readonly [method: unknown, url: unknown, body?: unknown, params?: unknown];

/** Begins a request; the asker hears of its end, never before this returns. */
export type Send = (asker: Asker, ...asked: Asked) => void;

/** What code that a script does not await gives while its VU waits for the request. */
export const waitFor = (send: Send, ...asked: Asked): Wait =>
  new Wait((onResponse, onError) => send({ onResponse, onError }, ...asked));
