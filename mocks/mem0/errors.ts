import { STATUS_CODES } from 'node:http';
import { HttpResponse } from 'msw';

// These errors come from the web framework and have a different format.
const DETAILS: Readonly<Record<number, string>> = {
  401: 'Authentication credentials were not provided.',
  403: 'You do not have permission to perform this action.',
  404: 'Not found.',
  405: 'Method not allowed.',
  429: 'Request was throttled.',
};

/**
 * Returns Mem0's error response for a status from 400 to 599: `{"detail"}` for 401, 403, 404, 405 and 429, and
 * otherwise `{"error","details"}`.
 */
export function mem0Error(status: number, message?: string): Response {
  const detail = DETAILS[status];
  if (detail !== undefined) return HttpResponse.json({ detail: message ?? detail }, { status });
  const text = STATUS_CODES[status] ?? 'Error';
  return HttpResponse.json({ error: `${status} ${text}`, details: { message: message ?? text } }, { status });
}

/** Thrown for a request that Mem0 rejects. `answer` sends the response. */
export class Mem0Refusal extends Error {
  readonly code = 'mem0-refusal';
  readonly response: Response;

  constructor(response: Response) {
    super(`Mem0 answers ${response.status}`);
    this.name = 'Mem0Refusal';
    this.response = response;
  }
}

/** Returns Mem0's 400 for an invalid request. */
export const badRequest = (message: string): Mem0Refusal => new Mem0Refusal(mem0Error(400, message));

/** Returns an error that concerns a single memory or event. These errors have a third format: `{"error"}`. */
export const itemError = (status: number, error: string): Mem0Refusal =>
  new Mem0Refusal(HttpResponse.json({ error }, { status }));

export const mem0UnknownPath = (): Response => mem0Error(404);
