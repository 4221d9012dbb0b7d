import type { ErrorRequestHandler } from 'express';
import { ERRORS, errorBody, ServiceError } from '../base/errors.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';

/**
 * Sends all error responses: `{"error":{"code","message","details"?}}`, with `event` if an event was stored, and
 * `Retry-After` if a retry makes sense. Counts rejected requests, and logs failures of the service and of upstreams.
 */
export function errorResponse({ logger, metrics }: Dependencies): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = asServiceError(thrown);
    const { refusal } = ERRORS[error.code];
    if (refusal) metrics.refusals.inc({ reason: refusal });
    else if (error.status >= 500)
      logger.warn({ err: thrown, code: error.code, path: request.baseUrl + request.path }, 'request failed');
    // Express would print the stack to stderr. Ending the response early is enough for the client.
    if (response.headersSent) return void response.destroy();

    if (error.retryAfterSeconds !== undefined) response.set('Retry-After', String(error.retryAfterSeconds));
    const { keptEvent } = response.locals;
    response.status(error.status).json({
      ...errorBody(error),
      ...(keptEvent === undefined ? {} : { event: keptEvent }),
    });
  };
}

function asServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  // Express sets `status`.
  const status = Number((thrown as { status?: unknown } | undefined)?.status);
  if (status >= 400 && status < 500) return new ServiceError('invalid_request', 'The request could not be parsed.');
  return new ServiceError('internal_error', 'The service failed unexpectedly.');
}
