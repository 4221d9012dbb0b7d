import type { ErrorRequestHandler } from 'express';
import { ERRORS, errorBody, ServiceError } from '../base/errors.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';

/**
 * The one place that answers errors: `{"error":{"code","message","details"?}}`, with `event` where one is kept all the same, `Retry-After` where there is something to
 * wait for, the refusal counted, and a log line where the service or an upstream failed.
 */
export function errorResponse({ logger, metrics }: Dependencies): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = asServiceError(thrown);
    const { refusal } = ERRORS[error.code];
    if (refusal) metrics.refusals.inc({ reason: refusal });
    else if (error.status >= 500)
      logger.warn({ err: thrown, code: error.code, path: request.baseUrl + request.path }, 'request failed');
    // Express would write the stack to stderr; that the answer is cut off says to the client what there is to say.
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
  // Express and its body parser say by `status` whose fault it is.
  const status = Number((thrown as { status?: unknown } | undefined)?.status);
  if (status === 413) return new ServiceError('payload_too_large', 'The body is larger than 100 kB.');
  if (status >= 400 && status < 500) return new ServiceError('invalid_request', 'The request cannot be read.');
  return new ServiceError('internal_error', 'The service failed to answer.');
}
