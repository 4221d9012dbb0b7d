import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { Refusal } from '../base/refusal.ts';
import type { Controlled } from './controlled.ts';
import { faultOperations } from './fault-operations.ts';
import { openApiOf } from './open-api.ts';
import type { Operation } from './operation.ts';
import { receiptOperations } from './receipt-operations.ts';
import { upstreamOperations } from './upstream-operations.ts';

/**
 * Creates the fakes' control API as an Express app that is protected by a guard. Error responses are
 * `{"error":{"code","message"}}`.
 */
export function createControlApi(controlled: Controlled, guard: RequestHandler): Express {
  const operations: Operation[] = [
    ...faultOperations(controlled),
    ...upstreamOperations(controlled),
    ...receiptOperations(controlled),
    {
      method: 'post',
      path: '/reset',
      does: 'restores the initial state: faults, certificates, receipts, settings, stored data',
      prepare: () => async () => {
        await controlled.reset();
        return { reset: true };
      },
    },
    documentation(() => operations),
  ];
  return guarded(guard, mountOperations(operations));
}

/** Creates the operation that serves the OpenAPI description. `operations` is called for each request. */
export const documentation = (operations: () => Operation[]): Operation => ({
  method: 'get',
  path: '/openapi.json',
  does: 'returns the OpenAPI 3.1 description of this API',
  prepare: () => () => openApiOf(operations()),
});

/** Creates an Express app that serves the operations and lists them at `/`. */
export function mountOperations(operations: Operation[]): Express {
  const listing = operations.map(({ method, path, does }) => `${method.toUpperCase()} ${path}  ${does}`);
  const app = express().disable('x-powered-by').disable('etag');
  app.use(express.json({ limit: '10mb' }));
  app.get('/', (_request, response) => void response.type('text').send(`${listing.join('\n')}\n`));
  for (const operation of operations) app[operation.method](operation.path, carryOut(operation));
  app.use((request: Request) => {
    throw new Refusal(
      'unknown-route',
      `unknown route ${request.method} ${request.path}; allowed: ${listing.join('; ')}`,
      404,
    );
  });
  return app.use(tellError);
}

/** Returns an app that passes on only the requests that the guard accepts. */
export const guarded = (guard: RequestHandler, app: Express): Express =>
  express().disable('x-powered-by').disable('etag').use(guard, app).use(tellError);

function carryOut({ prepare, status = 200 }: Operation) {
  return async ({ params, query, body }: Request, response: Response): Promise<void> => {
    const result = await prepare({ params: params as Record<string, string>, query, body })(response);
    // If the result is undefined, the operation has already sent the response.
    if (result !== undefined) response.status(status).json(result);
  };
}

/** Sends an error's code and message. */
export const tellError: ErrorRequestHandler = (error, _request, response, _next) => {
  const { code, status, message } = error instanceof Refusal ? error : fromParser(error);
  response.status(status).json({ error: { code, message } });
};

function fromParser(error: { status?: number; message?: string }): Refusal {
  if (error.status === 413) return new Refusal('body-too-large', 'the body is too large; allowed: at most 10 MB', 413);
  if (error.status === 400) return new Refusal('invalid-json', `the body is not JSON: ${error.message}`);
  console.error(error);
  return new Refusal('internal', String(error.message), 500);
}
