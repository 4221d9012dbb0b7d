/** A request that is sent again and again; `${unique}` in path and body stands for something new each time. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How a load is put on a server. `connections`: as many requests are always under way, each followed by the next.
 * `perSecond`: one is sent at each beat, whether those before were answered or not, so that none waits for another.
 */
export interface Load {
  readonly url: string;
  readonly shot: Shot;
  readonly seconds: number;
  readonly pace: { readonly connections: number } | { readonly perSecond: number };
}

/** What came of a load, after a second of the same to warm up. Milliseconds from sending to the answer's last byte. */
export interface LoadResult {
  /** All answers, those of the warm-up included; times and the rate are without it. */
  readonly answered: number;
  readonly perSecond: number;
  /** Answers by status; `error` where there was none. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly ms: { readonly p50: number; readonly p99: number; readonly max: number };
  /** p99 of how late the generator was to send what a beat asked for: by so much it may be the generator that was slow. */
  readonly lateMs: number;
}
