import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { withinRequest } from '../observability/request-context.ts';

/**
 * Valid request IDs. They may be long enough for any tracing system, but contain no characters that are special in logs
 * or HTML.
 */
const REQUEST_ID = /^[A-Za-z0-9._:=+/-]{1,128}$/;

/**
 * Assigns an ID to every request: the value of its only `X-Request-Id` header if it is valid ({@link REQUEST_ID}), or a
 * new UUID. The ID is included in the response and in all of the request's log lines.
 */
export const identifyRequest: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id');
  const id = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  withinRequest(id, next);
};
