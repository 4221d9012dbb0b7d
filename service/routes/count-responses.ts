import type { RequestHandler } from 'express';
import type { Metrics } from '../metrics.ts';

/** Counts the responses of one route by their status, once each has ended. */
export function countResponses({ httpRequests }: Metrics, route: string): RequestHandler {
  return (_request, response, next) => {
    response.once('close', () => {
      httpRequests.inc({ route, status: response.writableFinished ? String(response.statusCode) : 'aborted' });
    });
    next();
  };
}
