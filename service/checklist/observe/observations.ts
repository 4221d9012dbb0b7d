import type { Seen } from './seen.ts';

/** The policy that an endpoint announces: so many requests in so many seconds; undefined where it announces none. */
export interface AnnouncedLimit {
  readonly endpoint: string;
  readonly status: number;
  readonly policy: { readonly amount: number; readonly windowSeconds: number } | undefined;
}

/** Slots of the database server. `defaultMax`: what max_connections is where nobody raises it. */
export interface ServerSlots {
  readonly maxConnections: number;
  readonly defaultMax: number;
  readonly superuserReserved: number;
  readonly reserved: number;
}

/** Packages that the lock file asks for, and those of them that are not installed as it says. */
export interface InstalledPackages {
  readonly asked: number;
  readonly wrong: readonly string[];
}

/** The newest result of the stress test, and the scenarios that there are. */
export interface StressResult {
  readonly started: string;
  readonly verdict: string;
  readonly ran: readonly string[];
  readonly all: readonly string[];
}

/** All that the checklist is judged by. `metrics`: samples by name and labels, as they stand in `/metrics`. */
export interface Observations {
  readonly metrics: Seen<ReadonlyMap<string, number>>;
  readonly limits: Seen<readonly AnnouncedLimit[]>;
  readonly slots: Seen<ServerSlots>;
  readonly packages: Seen<InstalledPackages>;
  readonly stress: Seen<StressResult>;
  readonly replicas: number;
}
