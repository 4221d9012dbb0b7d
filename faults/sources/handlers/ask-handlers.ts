import type { TeamHandler } from './find-handlers.ts';

/** A request with its complete body. */
interface HandlerRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Aborted when the client has closed its connection. */
  readonly signal: AbortSignal;
}

/** An answer in the form of all versions of msw. */
export interface HandlerAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ReadableStream<Uint8Array> | Uint8Array | string | null;
}

/** Asks handlers for an answer; returns undefined if no handler answers. */
export type AskHandlers = (request: HandlerRequest) => Promise<HandlerAnswer | undefined>;

/** A handler's answer that stands for a failed connection. */
export class NetworkFailure extends Error {}

/** A handler's answer that stands for the real server's. */
export class PassesThrough extends Error {}

export interface Options {
  readonly handlers: readonly TeamHandler[];
  /** What relative paths are relative to. */
  readonly baseUrl: string;
}

/** For msw 2 and later. `run` is the part of `getResponse` that all of these versions have. */
export function askHandlers({ handlers, baseUrl }: Options): AskHandlers {
  return async ({ body, ...given }) => {
    const init = { ...given, body: given.method === 'GET' || given.method === 'HEAD' ? null : body };
    const request = new Request(given.url, init);
    const requestId = crypto.randomUUID();
    for (const handler of handlers) {
      const result = await handler.run({ request, requestId, resolutionContext: { baseUrl } });
      const response = Reflect.get(Object(result), 'response');
      if (response) return answerOf(response, handler);
    }
    return undefined;
  };
}

function answerOf({ type, status, statusText, headers, body }: Response, { info }: TeamHandler): HandlerAnswer {
  if (type === 'error') throw new NetworkFailure(`${info.header} answers with a network error`);
  if (headers.get('x-msw-intention') === 'passthrough') throw new PassesThrough(info.header);
  return { status, statusText, headers: [...headers], body };
}
