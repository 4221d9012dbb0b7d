import type { RequestSample } from '../../harness/history/events.ts';
import { request, T0 } from './history.ts';

/** Returns the outcomes of an even load; fields that are left out meet the promises of the profile `fast`. */
export interface Load {
  n?: number;
  /** Milliseconds from one request to the next. */
  every?: number;
  ms?: number;
  /** How many of them took longer than is promised, or were refused, or not answered, from the first on. */
  slow?: number;
  refused?: number;
  unanswered?: number;
  /** How many were sent too late by the generator. */
  late?: number;
}

/** Requests of an even load that began so many milliseconds after T0. */
export function loadOf(after: number, seen: Load, tags: Record<string, string>): RequestSample[] {
  const { n = 100, every = 20, ms = 10, slow = 0, refused = 0, unanswered = 0, late = 0 } = seen;
  return Array.from({ length: n }, (_, index) => {
    const due = after + index * every;
    const status = index < refused ? 503 : index < unanswered ? 0 : 404;
    const sent = index < late ? due + 51 : due + 50;
    const about = { endpoint: 'conversation-read', due: String(T0 + due), ...tags };
    return request(sent, index < slow ? 251 : ms, status, about);
  });
}
