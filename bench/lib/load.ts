/** A request that is sent repeatedly. `${unique}` in path and body is replaced with a new value each time. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How to load a server. `connections`: that many requests are always in flight. `perSecond`: requests are sent at a
 * fixed rate, whether or not earlier ones have been answered.
 */
export interface Load {
  readonly url: string;
  readonly shot: Shot;
  readonly seconds: number;
  readonly pace: { readonly connections: number } | { readonly perSecond: number };
}

/**
 * The result of a load, after one second of warm-up. Times are in milliseconds, from sending to the last byte of the
 * response.
 */
export interface LoadResult {
  /** All responses, including those of the warm-up. Times and rate exclude the warm-up. */
  readonly answered: number;
  readonly perSecond: number;
  /** Responses by status; `error` for requests without a response. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly ms: { readonly p50: number; readonly p99: number; readonly max: number };
  /** The p99 of the generator's own lateness. Measured times may be too high by this much. */
  readonly lateMs: number;
}
