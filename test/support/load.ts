import type { RequestSample } from '../../harness/history/events.ts';
import { request, T0 } from './history.ts';

/** The outcomes of an even load. With the defaults, it meets the promises of the `fast` profile. */
export interface Load {
  n?: number;
  /** Milliseconds between requests. */
  every?: number;
  ms?: number;
  /** How many requests, counted from the first one, took longer than promised, were rejected, or got no response. */
  slow?: number;
  refused?: number;
  unanswered?: number;
  /** How many requests the generator sent too late. */
  late?: number;
}

/** Returns the requests of an even load that starts `after` milliseconds after T0. */
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
