/** A request to send repeatedly. Each `${unique}` in the path or body is replaced with a new value. */
interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How to load a server. With `connections`, this many requests are always in flight. With `perSecond`, requests are
 * sent at a fixed rate, regardless of whether earlier ones have finished.
 */
export interface Load {
  readonly url: string;
  readonly shot: Shot;
  readonly seconds: number;
  readonly pace: { readonly connections: number } | { readonly perSecond: number };
}

/**
 * The result of a load, excluding one second of warm-up. Response times are in milliseconds, from sending the request
 * to receiving the last byte of the response.
 */
export interface LoadResult {
  /** Number of responses, including those from the warm-up. The times and the rate exclude the warm-up. */
  readonly answered: number;
  readonly perSecond: number;
  /** Number of responses by status. `error` counts requests without a response. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly ms: { readonly p50: number; readonly p99: number; readonly max: number };
  /** The 99th percentile of the generator's own lateness. Measured times may be too high by up to this amount. */
  readonly lateMs: number;
}
