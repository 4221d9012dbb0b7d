import type { RequestHandler } from 'express';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { currentRequestId } from '../observability/request-context.ts';

/** What is asked all the time by machines, and says nothing while it is well. */
const QUIET = new Set(['/health', '/ready', '/metrics']);

/**
 * Counts, measures and logs the responses of one route, once each has ended. A line is `info`; of probes and of what the
 * rate limit refused it is `debug`, so that who floods the service does not flood its log too.
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
      // A connection's end is nobody's context, so the id is said here.
      const fields = { request_id: requestId, method: request.method, route, status, ms: Math.round(ms * 10) / 10 };
      logger[level](fields, 'request ended');
    });
    next();
  };
}
