import type { RequestHandler } from 'express';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { currentRequestId } from '../observability/request-context.ts';

/** Routes that are polled by machines. Successful polls are not worth a log line. */
const QUIET = new Set(['/health', '/ready', '/metrics']);

/**
 * Counts, measures and logs a route's responses when they end. Probes and rate-limited requests are logged at `debug`
 * instead of `info`, so that a flood of requests does not flood the log.
 */
export function observeResponses({ metrics, logger }: Dependencies, route: string): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    const requestId = currentRequestId();
    response.once('close', () => {
      const ms = performance.now() - began;
      const status = response.writableFinished ? String(response.statusCode) : 'aborted';
      metrics.httpRequests.inc({ route, status });
      metrics.httpDuration.observe({ route }, ms / 1000);
      const level = status === '429' || QUIET.has(route) ? 'debug' : 'info';
      // The close event has no request context, so the ID is passed explicitly.
      const fields = { request_id: requestId, method: request.method, route, status, ms: Math.round(ms * 10) / 10 };
      logger[level](fields, 'request ended');
    });
    next();
  };
}
