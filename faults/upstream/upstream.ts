import type { AskedRequest } from './asked-request.ts';
import type { Answer } from './text-answer.ts';

/** Responds to some requests, for example to those of one route. */
export interface Responder {
  /** Returns the response; undefined, now or later, if the request is not for it. `pathname` is that of its URL. */
  answer(request: AskedRequest, pathname: string): Answer | undefined | Promise<Answer | undefined>;
}

/** The API of an upstream, without the server that it is behind. */
export interface Upstream<Handler extends Responder = Responder> extends Partial<AsyncDisposable> {
  /** Whether its handlers read the body of a request while it arrives. Default: they get it complete. */
  readonly streams?: boolean;
  /** The first that responds to a request decides. */
  readonly handlers: Handler[];
  /** Returns the upstream's error response for a status from 400 to 599. */
  errorResponse(status: number): Response;
  /** Returns the upstream's response to a request that no handler responds to. */
  unknownPath(method: string, path: string): Response;
  /** The current settings. */
  readonly settings: object;
  /** Replaces all settings; omitted ones get their defaults. @throws ZodError for invalid settings */
  configure(settings: object): void;
}
