import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { withinRequest } from '../observability/request-context.ts';

/** What an id may look like: long enough for any tracing system's, and nothing that could break out of a log or a page. */
const REQUEST_ID = /^[A-Za-z0-9._:=+/-]{1,128}$/;

/**
 * Gives every request an id: its `X-Request-Id` where that is well-formed ({@link REQUEST_ID}; two of them are not), else a
 * new UUID. The response carries it, and so does each log line of the request.
 */
export const identifyRequest: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id');
  const id = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  withinRequest(id, next);
};
