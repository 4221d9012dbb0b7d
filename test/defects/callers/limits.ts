import type { IncomingMessage } from 'node:http';
import type { Caller } from './caller.ts';

/** Number of requests per window for each client. */
const MAX: Readonly<Record<string, number>> = { write: 6, read: 4 };
const WINDOW_MS = 2_000;

const { CLIENT = 'socket' } = process.env;
const [, , DEFECT] = process.argv;
const windows = new Map<string, { began: number; count: number }>();

/**
 * Counts a request in its client's window. Returns the number of milliseconds until it would be allowed, or 0 if it is
 * allowed now.
 */
export function allow(limit: string, request: IncomingMessage, caller: Caller): number {
  if (DEFECT === 'callers-without-a-header-free' && !request.headers['x-tenant']) return 0;
  if (DEFECT === 'callers-with-an-empty-header-free' && request.headers['x-tenant'] === '') return 0;
  const key = `${limit} ${clientOf(request, caller)}`;
  const found = windows.get(key);
  const now = performance.now();
  const window = found && now < found.began + WINDOW_MS ? found : { began: now, count: 0 };
  window.count += 1;
  windows.set(key, window);
  return window.count > (MAX[limit] ?? 0) ? window.began + WINDOW_MS - now : 0;
}

function clientOf({ socket, headers }: IncomingMessage, { key, user }: Caller): string {
  if (DEFECT === 'limit-counts-sockets') return socket.remoteAddress ?? '';
  if (DEFECT === 'limit-counts-keys') return key;
  const entries = String(headers['x-forwarded-for'] ?? '').split(',');
  switch (CLIENT) {
    case 'key':
      return key;
    case 'user':
      return user;
    case 'forwarded':
      return (DEFECT === 'first-forwarded-entry-counts' ? entries[0] : entries.at(-2))?.trim() ?? '';
    case 'header':
      return String(headers['x-tenant']);
    default:
      return socket.remoteAddress ?? '';
  }
}
