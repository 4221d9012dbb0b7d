import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { withinRequest } from '../observability/request-context.ts';

/** Valid request ids: long enough for any tracing system, without characters that are special in logs or HTML. */
const REQUEST_ID = /^[A-Za-z0-9._:=+/-]{1,128}$/;

/**
 * Assigns an id to every request: a single valid `X-Request-Id` ({@link REQUEST_ID}), or a new UUID. The response and
 * all log lines of the request contain it.
 */
export const identifyRequest: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id');
  const id = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  withinRequest(id, next);
};
