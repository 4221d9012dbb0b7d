import type { Answer } from './text-answer.ts';
import type { UpstreamRequest } from './upstream-request.ts';

/** Responds to some requests, for example those for a single route. */
export interface Responder {
  /**
   * Returns the response, or undefined if the request is not for this responder. Both may be wrapped in a promise.
   * `pathname` is the one in the request's URL.
   */
  answer(request: UpstreamRequest, pathname: string): Answer | undefined | Promise<Answer | undefined>;
}

/** An upstream's API, independent of the server that it runs on. */
export interface Upstream<Handler extends Responder = Responder> extends Partial<AsyncDisposable> {
  /** Whether its handlers read a request body as it arrives. By default, they get the complete body. */
  readonly streams?: boolean;
  /** Handlers in order. The first one that responds to a request is used. */
  readonly handlers: Handler[];
  /** Returns the upstream's error response for a status from 400 to 599. */
  errorResponse(status: number): Response;
  /** Returns the upstream's response to a request that no handler responds to. */
  unknownPath(method: string, path: string): Response;
  /** The current settings. */
  readonly settings: object;
  /**
   * Replaces all settings. Omitted settings get their defaults.
   *
   * @throws ZodError if the settings are invalid
   */
  configure(settings: object): void;
}
