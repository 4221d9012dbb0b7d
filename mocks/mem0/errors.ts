import { STATUS_CODES } from 'node:http';
import { HttpResponse } from 'msw';

// These come from the web framework and have a shape of their own.
const DETAILS: Readonly<Record<number, string>> = {
  401: 'Authentication credentials were not provided.',
  403: 'You do not have permission to perform this action.',
  404: 'Not found.',
  405: 'Method not allowed.',
  429: 'Request was throttled.',
};

/** Mem0's body for a status from 400 to 599: `{"detail"}` for 401, 403, 404, 405 and 429, else `{"error","details"}`. */
export function mem0Error(status: number, message?: string): Response {
  const detail = DETAILS[status];
  if (detail !== undefined) return HttpResponse.json({ detail: message ?? detail }, { status });
  const text = STATUS_CODES[status] ?? 'Error';
  return HttpResponse.json({ error: `${status} ${text}`, details: { message: message ?? text } }, { status });
}

/** Mem0's 404 for a path that it does not have. */
export const mem0UnknownPath = (): Response => mem0Error(404);
