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

/** A response in a format that works for all versions of msw. */
export interface HandlerAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ReadableStream<Uint8Array> | Uint8Array | string | null;
}

/** Asks handlers for a response. Returns undefined if no handler responds. */
export type AskHandlers = (request: HandlerRequest) => Promise<HandlerAnswer | undefined>;

/** Represents a handler's response that simulates a failed connection. */
export class NetworkFailure extends Error {}

/** Represents a handler's response that passes the request through to the real server. */
export class PassesThrough extends Error {}

export interface Options {
  readonly handlers: readonly TeamHandler[];
  /** The URL that relative paths are resolved against. */
  readonly baseUrl: string;
}

/** Asks handlers of msw 2 and later. `run` is the part of `getResponse` that all of these versions have. */
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
