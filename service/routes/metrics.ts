import type { RequestHandler } from 'express';
import type { Dependencies } from '../dependencies/dependencies.ts';

/** `GET /metrics`: returns the metrics in the Prometheus text format. */
export function metrics({ metrics: { registry } }: Dependencies): RequestHandler {
  return async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  };
}
