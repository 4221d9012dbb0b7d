import type { Waiter } from '../blocking/carried.ts';
import { GoError } from '../errors.ts';
import type { Hold } from '../vu/event-loop.ts';
import type { Vu } from '../vu/vu.ts';
import type { Connection } from './connection.ts';
import type { Tap } from './exchange.ts';
import { refuseUrl } from './refuse-url.ts';
import type { RequestParams } from './request-params.ts';
import { createResponse, type ResponseMethods } from './response.ts';
import { type Hooks, type Reply, type ScriptRequest, send } from './send.ts';
import { readTarget } from './target.ts';

export type Response = ReturnType<typeof createResponse>;

/**
 * Sends a request as part of a VU's iteration: the iteration lasts until it is through, and ends its connection if it
 * is interrupted.
 *
 * @param methods What the response has beside its own.
 * @param waiter Hears once, and not before this returns: of the response, also where there was no answer (status 0), or of a
 *   GoError where there was none and the request, or the options, asks to throw. Of nothing where it is interrupted.
 * @param tap Reads along.
 */
export function startRequest(
  vu: Vu,
  href: string,
  request: Omit<ScriptRequest, 'target'>,
  methods: Partial<ResponseMethods>,
  waiter: Waiter<Response>,
  tap?: Tap,
): void {
  const run = new RequestRun(vu, request.params, methods, waiter, tap);
  try {
    const target = readTarget(href);
    const { method, bytes, contentType, name, params } = request;
    if (target) send(vu, { method, target, bytes, contentType, name, params }, run, run.onReply);
    else {
      const reply = refuseUrl(vu, href, request);
      queueMicrotask(() => run.onReply(reply));
    }
  } catch (error) {
    queueMicrotask(() => run.fail(error));
  }
}

class RequestRun implements Hooks, Hold {
  readonly #vu: Vu;
  readonly #params: RequestParams;
  readonly #methods: Partial<ResponseMethods>;
  readonly #waiter: Waiter<Response>;
  readonly tap: Tap | undefined;
  place = -1;
  #connection: Connection | null = null;
  #isOver = false;

  constructor(
    vu: Vu,
    params: RequestParams,
    methods: Partial<ResponseMethods>,
    waiter: Waiter<Response>,
    tap: Tap | undefined,
  ) {
    this.tap = tap;
    this.#vu = vu;
    this.#params = params;
    this.#methods = methods;
    this.#waiter = waiter;
    vu.loop.keep(this);
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

  readonly onReply = (reply: Reply): void => {
    let response: Response;
    try {
      response = answer(this.#vu, this.#params, reply, this.#methods);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#waiter.onValue(response);
    this.#vu.loop.release(this);
  };

  fail(error: unknown): void {
    this.#waiter.onError(error);
    this.#vu.loop.release(this);
  }
}

/** Says a failure as k6 does, in the log or by an exception, and makes the response. */
function answer(vu: Vu, params: RequestParams, reply: Reply, methods: Partial<ResponseMethods>): Response {
  if (reply.error) {
    const reason = `${goMethod(reply.method)} ${JSON.stringify(reply.url)}: ${inGoWords(reply.error.message, reply.url)}`;
    if (params.throws) throw new GoError(reason);
    vu.test.logger.log('warning', 'Request Failed');
    vu.test.logger.log('debug', reason);
  }
  return createResponse(params, reply, methods);
}

const goMethod = (method: string): string => method.charAt(0) + method.slice(1).toLowerCase();

/** Go says the address in errors of connecting. */
const inGoWords = (message: string, url: string): string =>
  message.startsWith('dial: ') ? message.replace('dial: ', `dial tcp ${new URL(url).host}: connect: `) : message;
