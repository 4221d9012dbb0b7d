import { GoError } from '../errors.ts';
import type { Vu } from '../vu/vu.ts';
import type { Connection } from './connection.ts';
import type { Tap } from './exchange.ts';
import { refuseUrl } from './refuse-url.ts';
import type { RequestParams } from './request-params.ts';
import { createResponse } from './response.ts';
import { type Reply, type ScriptRequest, send } from './send.ts';
import { readTarget } from './target.ts';

export type Response = ReturnType<typeof createResponse>;

/**
 * Sends a request as part of a VU's iteration: the iteration lasts until it is through, and ends its connection if it
 * is interrupted.
 *
 * @param methods What the response has beside its own.
 * @param tap Reads along.
 * @returns The response, also where there was no answer (status 0); never where it is interrupted.
 * @throws GoError where there was none and the request, or the options, asks to throw.
 */
export function startRequest(
  vu: Vu,
  href: string,
  request: Omit<ScriptRequest, 'target'>,
  methods: object,
  tap?: Tap,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const target = readTarget(href);
    if (!target) return resolve(Object.assign(answer(vu, request.params, refuseUrl(vu, href, request)), methods));
    let connection: Connection | null = null;
    let over = false;
    const release = vu.loop.hold(() => {
      over = true;
      connection?.destroy();
    });
    const hooks = {
      onConnection: (used: Connection) => {
        connection = used;
      },
      isOver: () => over,
      tap,
    };
    const end = (action: () => void) => {
      try {
        action();
      } catch (error) {
        reject(error);
        release();
      }
    };
    end(() =>
      send(vu, { ...request, target }, hooks, (reply) =>
        end(() => {
          resolve(Object.assign(answer(vu, request.params, reply), methods));
          release();
        }),
      ),
    );
  });
}

/** Says a failure as k6 does, in the log or by an exception, and makes the response. */
function answer(vu: Vu, params: RequestParams, reply: Reply): Response {
  if (reply.error) {
    const reason = `${goMethod(reply.method)} ${JSON.stringify(reply.url)}: ${inGoWords(reply.error.message, reply.url)}`;
    if (params.throws) throw new GoError(reason);
    vu.test.logger.log('warning', 'Request Failed');
    vu.test.logger.log('debug', reason);
  }
  return createResponse(params, reply);
}

const goMethod = (method: string): string => method.charAt(0) + method.slice(1).toLowerCase();

/** Go says the address in errors of connecting. */
const inGoWords = (message: string, url: string): string =>
  message.startsWith('dial: ') ? message.replace('dial: ', `dial tcp ${new URL(url).host}: connect: `) : message;
