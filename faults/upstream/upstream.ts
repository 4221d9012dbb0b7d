import type { Route } from './route.ts';

/** A fake of a provider. */
export interface Upstream {
  /** MSW handlers without host and port, for a server as well as for `setupServer(...)`. */
  readonly handlers: Route[];
  /** Returns the provider's error response for a status from 400 to 599. */
  errorResponse(status: number): Response;
  /** Returns the provider's response for an unknown path. */
  unknownPath(method: string, path: string): Response;
  /** The current settings. */
  readonly settings: object;
  /** Replaces all settings; omitted ones get their defaults. @throws ZodError for invalid settings */
  configure(settings: object): void;
}
