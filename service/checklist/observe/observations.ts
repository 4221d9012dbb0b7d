import type { Seen } from './seen.ts';

/** The rate limit in the RateLimit-Policy header of an endpoint; undefined if there is none. */
export interface AnnouncedLimit {
  readonly endpoint: string;
  readonly status: number;
  readonly policy: { readonly amount: number; readonly windowSeconds: number } | undefined;
}

/** Connection settings of the database server. `defaultMax`: the default of max_connections. */
export interface ServerSlots {
  readonly maxConnections: number;
  readonly defaultMax: number;
  readonly superuserReserved: number;
  readonly reserved: number;
}

/** The number of packages in the lock file, and those that are missing or installed in another version. */
export interface InstalledPackages {
  readonly asked: number;
  readonly wrong: readonly string[];
}

/** The newest result of the stress test, and all of its scenarios. */
export interface StressResult {
  readonly started: string;
  readonly verdict: string;
  readonly ran: readonly string[];
  readonly all: readonly string[];
}

/** Everything that the checklist is evaluated on. `metrics`: samples by name and labels, as written in `/metrics`. */
export interface Observations {
  readonly metrics: Seen<ReadonlyMap<string, number>>;
  readonly limits: Seen<readonly AnnouncedLimit[]>;
  readonly slots: Seen<ServerSlots>;
  readonly packages: Seen<InstalledPackages>;
  readonly stress: Seen<StressResult>;
  readonly replicas: number;
}
