import type { Route } from './route.ts';

/** A faked provider: what it answers, and how it says no. */
export interface Upstream {
  /** MSW handlers, free of host and port: usable behind a server and in `setupServer(...)` alike. */
  readonly handlers: Route[];
  /** The provider's own error response for a status from 400 to 599. */
  errorResponse(status: number): Response;
  /** The provider's own answer to a path that it does not have. */
  unknownPath(method: string, path: string): Response;
  /** What it is set to. */
  readonly settings: object;
  /** Replaces all settings; what is left out gets its default. @throws ZodError for settings that break its rules */
  configure(settings: object): void;
}
