import type { RequestListener } from 'node:http';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { ServiceError } from '../base/errors.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { answering } from '../http/in-sequence.ts';
import { jsonBody } from '../http/json-body.ts';
import { refuseMalformed } from '../http/malformed-requests.ts';
import { originForm } from '../http/origin-form.ts';
import type { Limited } from '../protections/limiters.ts';
import { shedLoad } from '../protections/load-shedding.ts';
import { activitiesSuggest } from '../routes/activities-suggest.ts';
import { conversationsEnd } from '../routes/conversations-end.ts';
import { conversationsRead } from '../routes/conversations-read.ts';
import { errorResponse } from '../routes/error-response.ts';
import { health } from '../routes/health.ts';
import { identifyRequest } from '../routes/identify-request.ts';
import { metrics } from '../routes/metrics.ts';
import { observeResponses } from '../routes/observe-responses.ts';
import { openapi } from '../routes/openapi.ts';
import { ready } from '../routes/ready.ts';
import { registerGauges } from './register-gauges.ts';

/** Endpoints that are served even under overload, so that an overloaded service doesn't appear to be down. */
const NEVER_SHED: ReadonlySet<Limited> = new Set(['health', 'ready', 'metrics']);

/** The service as a request handler. */
export interface App {
  readonly handler: RequestListener;
  /** The Express app that the handler uses, with all routes. */
  readonly routes: Express;
  /** Stops the breakers, and closes the upstream connections, the connection pool and the rate limit store. */
  close(): Promise<void>;
}

/**
 * Creates the service from its dependencies. An endpoint's rate limiter runs first, even before the body is parsed. On
 * /v1, the token is checked next, and the body is parsed last.
 */
export function createApp(dependencies: Dependencies): App {
  const { limiters, limitStores, authentication, breakers, database, upstreamAgent, load } = dependencies;
  registerGauges(dependencies.metrics, breakers, database);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const shed = shedLoad(load);
  const answer = errorResponse(dependencies);
  const endpoint = (name: Limited, route: string, ...handlers: RequestHandler[]): RequestHandler =>
    answering(answer, [
      observeResponses(dependencies, route),
      ...(NEVER_SHED.has(name) ? [] : [shed]),
      limiters[name],
      refuseMalformed,
      ...handlers,
    ]);
  const unknown = endpoint('unknown', 'unknown', notFound);

  app.use(identifyRequest);
  app.use(helmet());
  app.use(undecodablePathTo(unknown));
  app.post(
    '/v1/conversations/end',
    endpoint('conversationsEnd', '/v1/conversations/end', authentication, jsonBody, conversationsEnd(dependencies)),
  );
  app.post(
    '/v1/activities/suggest',
    endpoint('activitiesSuggest', '/v1/activities/suggest', authentication, jsonBody, activitiesSuggest(dependencies)),
  );
  app.get(
    '/v1/conversations/:id',
    endpoint('conversationsRead', '/v1/conversations/:id', authentication, conversationsRead(dependencies)),
  );
  app.get('/health', endpoint('health', '/health', health(dependencies)));
  app.get('/ready', endpoint('ready', '/ready', ready(dependencies)));
  app.get('/metrics', endpoint('metrics', '/metrics', metrics(dependencies)));
  app.get('/openapi.json', endpoint('openapi', '/openapi.json', openapi));
  app.use('/v1', endpoint('unknown', 'unknown', authentication, notFound));
  app.use(unknown);
  app.use(answer);

  return {
    handler(request, response) {
      request.url = originForm(request.url ?? '/');
      app(request, response);
    },
    routes: app,
    async close() {
      breakers.llm.close();
      breakers.memory.close();
      load.close();
      await Promise.all([upstreamAgent.close(), database.close(), limitStores.close()]);
    },
  };
}

const notFound: RequestHandler = (request) => {
  throw new ServiceError('not_found', `There is no ${request.method} ${request.baseUrl}${request.path}.`);
};

/**
 * Handles paths that can't be decoded. The router would reject them before any route runs, and therefore without
 * applying a rate limit.
 */
function undecodablePathTo(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (isDecodable(request.path) ? next() : handler(request, response, next));
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
