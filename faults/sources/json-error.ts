import { STATUS_CODES } from 'node:http';

/** Returns an error response of an API of which nothing more is known; `message` defaults to the status's name. */
export function jsonError(status: number, message: string = STATUS_CODES[status] ?? `Status ${status}`): Response {
  return Response.json({ error: { code: status, message } }, { status });
}
