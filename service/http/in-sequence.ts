import type { ErrorRequestHandler, RequestHandler } from 'express';

/**
 * Combines handlers into one. Each handler runs when the previous one calls `next()`. An error that is thrown, rejected
 * or passed to `next` ends the sequence and is passed on.
 */
export function inSequence(handlers: readonly RequestHandler[]): RequestHandler {
  return handlers.reduceRight<RequestHandler>(
    (rest, handler) => (request, response, next) => {
      try {
        const ended: unknown = handler(request, response, (error?: unknown) =>
          error ? next(error) : rest(request, response, next),
        );
        if (ended instanceof Promise)
          ended.catch((error: unknown) => next(error || new Error('a handler rejected without a reason')));
      } catch (error) {
        next(error);
      }
    },
    (_request, _response, next) => next(),
  );
}

/**
 * Like {@link inSequence}, but handles errors immediately. The router would first offer an error to all remaining
 * routes, which accounts for a fifth of the CPU time of a rejected request. If the error handler itself fails, its
 * error is passed to the router.
 */
export function answering(answer: ErrorRequestHandler, handlers: readonly RequestHandler[]): RequestHandler {
  const sequence = inSequence(handlers);
  return (request, response, next) =>
    sequence(request, response, (error?: unknown) => {
      if (!error) return next();
      try {
        return answer(error, request, response, next);
      } catch (failure) {
        next(failure);
      }
    });
}
