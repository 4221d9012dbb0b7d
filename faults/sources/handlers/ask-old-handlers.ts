import { setTimeout as sleep } from 'node:timers/promises';
import { type AskHandlers, type HandlerAnswer, NetworkFailure, type Options, PassesThrough } from './ask-handlers.ts';
import type { TeamHandler } from './find-handlers.ts';

/** The request class of msw 1. */
export type MockedRequest = new (url: URL, init: object) => object;

/** A response from an msw 1 handler. */
interface MockedResponse extends Omit<HandlerAnswer, 'headers' | 'body'> {
  readonly headers: Iterable<[string, string]>;
  readonly body: string | Uint8Array | ArrayBuffer | null;
  readonly delay?: number;
  readonly once: boolean;
  readonly passthrough: boolean;
}

/** Whether a handler was created with msw 1, which marks used handlers itself. */
export const isOldHandler = (handler: TeamHandler): boolean => 'markAsSkipped' in handler;

/** Asks handlers of msw 1 (`rest`), which need their own kind of request. */
export function askOldHandlers({ handlers, baseUrl }: Options, Request: MockedRequest): AskHandlers {
  return async ({ method, url, headers, body, signal }) => {
    for (const handler of handlers) {
      const request = new Request(new URL(url), { method, headers: Object.fromEntries(headers), body: body.buffer });
      const result = await handler.run(request, { baseUrl }).catch(asFailure);
      const response = Reflect.get(Object(result), 'response') as MockedResponse | null | undefined;
      if (!response) continue;
      if (response.once) Reflect.get(handler, 'markAsSkipped').call(handler, true);
      if (response.passthrough) throw new PassesThrough(handler.info.header);
      if (response.delay) await sleep(response.delay, undefined, { signal });
      const { status, statusText, body: sent } = response;
      return {
        status,
        statusText,
        headers: [...response.headers],
        body: sent instanceof ArrayBuffer ? new Uint8Array(sent) : sent,
      };
    }
    return undefined;
  };
}

function asFailure(error: unknown): never {
  if (error instanceof Error && error.name === 'NetworkError') throw new NetworkFailure(error.message);
  throw error;
}
