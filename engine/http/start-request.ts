import { GoError } from '../base/errors.ts';
import type { Waiter } from '../blocking/carried.ts';
import { BODY_TOO_LARGE } from '../net/body-limit.ts';
import type { Connection } from '../net/connection.ts';
import type { Tap } from '../net/exchange.ts';
import { formatGoUrl } from '../net/go-url.ts';
import type { NetworkError } from '../net/network-error.ts';
import type { Hold } from '../vu/event-loop.ts';
import type { Vu } from '../vu/vu.ts';
import type { PreparedRequest } from './prepare-request.ts';
import { createResponse, type ResponseMethods } from './response.ts';
import { type Hooks, type Reply, send } from './send.ts';

export type Response = ReturnType<typeof createResponse>;

/**
 * Sends a request as part of a VU's iteration. The iteration continues until the request has finished. Interrupting the
 * iteration closes the connection.
 *
 * @param methods Additional methods of the response.
 * @param waiter Called at most once, and never before this function returns. Receives the response, which has status 0
 * if there was none, or a GoError if the request failed and the params or options ask to throw. Not called after an
 * interruption.
 * @param tap Receives the response data as it arrives.
 */
export function startRequest(
  vu: Vu,
  request: PreparedRequest,
  methods: Partial<ResponseMethods>,
  waiter: Waiter<Response>,
  tap?: Tap,
): void {
  const run = new RequestRun(tap);
  vu.loop.keep(run);
  send(vu, request, run, (reply) => {
    let response: Response;
    try {
      response = answer(vu, request, reply, methods);
    } catch (error) {
      waiter.onError(error);
      vu.loop.release(run);
      return;
    }
    waiter.onValue(response);
    vu.loop.release(run);
  });
}

class RequestRun implements Hooks, Hold {
  readonly tap: Tap | undefined;
  place = -1;
  #connection: Connection | null = null;
  #isOver = false;

  constructor(tap: Tap | undefined) {
    this.tap = tap;
  }

  cancel(): void {
    this.#isOver = true;
    this.#connection?.destroy();
  }

  onConnection(connection: Connection): void {
    this.#connection = connection;
  }

  isOver(): boolean {
    return this.#isOver;
  }
}

/** Reports a failure like k6, either in the log or by throwing, and creates the response. */
function answer(vu: Vu, request: PreparedRequest, reply: Reply, methods: Partial<ResponseMethods>): Response {
  if (reply.error) {
    const reason = reasonOf(request, reply, reply.error);
    if (request.params.throws) throw new GoError(reason);
    vu.test.logger.log('warning', 'Request Failed', { error: reason });
  }
  return createResponse(request, reply, methods);
}

/** Formats an error as in Go: with the first method and the last URL, unless the response's body was lost. */
function reasonOf(
  { method }: PreparedRequest,
  { hop, exchange }: Reply,
  { message, code, cause = message }: NetworkError,
): string {
  const isOfBody = exchange.head.status > 0 && !message.startsWith('failed to parse Location');
  if (isOfBody && code !== BODY_TOO_LARGE) return cause;
  const operation = method === '' ? 'Get' : method.charAt(0) + method.slice(1).toLowerCase();
  return `${operation} ${JSON.stringify(formatGoUrl(hop.target.url, 'redacted'))}: ${cause}`;
}
