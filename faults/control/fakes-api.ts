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
import { parsePlan } from './parse-plan.ts';
import { receiptOperations } from './receipt-operations.ts';
import type { RecordedCalls } from './recorded-calls.ts';
import { Replay } from './replay.ts';
import { runOperations } from './run-operations.ts';
import { upstreamOperations } from './upstream-operations.ts';

/** The control API, and a way to start a plan without sending a request. */
export interface ControlApi {
  readonly app: Express;
  /**
   * Starts a plan from the beginning.
   *
   * @throws Refusal `invalid-plan`
   */
  replay(plan: unknown): Promise<void>;
}

/**
 * Creates the fakes' control API as an Express app that is protected by a guard. Error responses are
 * `{"error":{"code","message"}}`.
 */
export function createControlApi(controlled: Controlled, guard: RequestHandler): ControlApi {
  const planned = [...faultOperations(controlled), ...upstreamOperations(controlled)];
  const replay = new Replay(planned, controlled.calls);
  const operations: Operation[] = [
    ...planned,
    ...receiptOperations(controlled),
    ...runOperations(controlled, replay, planned),
    documentation(() => operations),
  ];
  return {
    app: guarded(guard, mountOperations(operations, controlled.calls)),
    replay: (plan) => replay.start(parsePlan(plan, planned)),
  };
}

/** Creates the operation that serves the OpenAPI description. `operations` is called for each request. */
export const documentation = (operations: () => Operation[]): Operation => ({
  method: 'get',
  path: '/openapi.json',
  does: 'returns the OpenAPI 3.1 description of this API',
  prepare: () => () => openApiOf(operations()),
});

/**
 * Creates an Express app that serves the operations and lists them at `/`. Calls to planned operations are recorded.
 */
export function mountOperations(operations: Operation[], calls: RecordedCalls): Express {
  const listing = operations.map(({ method, path, does }) => `${method.toUpperCase()} ${path}  ${does}`);
  const app = express().disable('x-powered-by').disable('etag');
  // A plan with 10,000 calls takes up a few megabytes.
  app.use(express.json({ limit: '10mb' }));
  app.get('/', (_request, response) => void response.type('text').send(`${listing.join('\n')}\n`));
  for (const operation of operations) app[operation.method](operation.path, carryOut(operation, calls));
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

function carryOut({ prepare, status = 200, isPlanned }: Operation, calls: RecordedCalls) {
  return async ({ params, query, body, method, path }: Request, response: Response): Promise<void> => {
    const result = await prepare({ params: params as Record<string, string>, query, body })(response);
    if (isPlanned) calls.note(method, path, body, result);
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
