import { STATUS_CODES } from 'node:http';

/** Returns an error response for an API with an unknown error format. `message` defaults to the status name. */
export function jsonError(status: number, message: string = STATUS_CODES[status] ?? `Status ${status}`): Response {
  return Response.json({ error: { code: status, message } }, { status });
}
