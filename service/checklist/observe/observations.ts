import type { Seen } from './seen.ts';

/** The rate limit from an endpoint's RateLimit-Policy header, or undefined if the header is missing. */
export interface AnnouncedLimit {
  readonly endpoint: string;
  readonly status: number;
  readonly policy: { readonly amount: number; readonly windowSeconds: number } | undefined;
}

/** The database server's connection settings. `defaultMax` is the default of `max_connections`. */
export interface ServerSlots {
  readonly maxConnections: number;
  readonly defaultMax: number;
  readonly superuserReserved: number;
  readonly reserved: number;
}

/** How many packages the lock file contains, and which of them are missing or installed in a different version. */
export interface InstalledPackages {
  readonly needed: number;
  readonly wrong: readonly string[];
}

/**
 * The most recent stress test result, and the names of all stress scenarios. `otherBuild` is the reason why the run did
 * not test the files of this checkout, if it did not.
 */
export interface StressResult {
  readonly started: string;
  readonly verdict: string;
  readonly service: string;
  readonly profile: string;
  readonly passed: readonly string[];
  readonly skipped: readonly string[];
  readonly all: readonly string[];
  readonly otherBuild?: string;
}

/**
 * The certificate of an external API. `problem` is OpenSSL's reason for not accepting it, and `unreachable` the reason
 * why it could not be seen. `terms` has the validity of the certificate and of its issuers, in milliseconds since the
 * epoch.
 */
export interface SeenCertificate {
  readonly title: string;
  readonly origin: string;
  readonly problem?: string;
  readonly unreachable?: string;
  readonly terms?: readonly { readonly from: number; readonly to: number }[];
}

/**
 * All observations on which the checklist is based. `metrics` maps sample names with labels, as they appear in
 * `/metrics`, to values. `now` is in milliseconds since the epoch.
 */
export interface Observations {
  readonly metrics: Seen<ReadonlyMap<string, number>>;
  readonly limits: Seen<readonly AnnouncedLimit[]>;
  readonly certificates: Seen<readonly SeenCertificate[]>;
  readonly slots: Seen<ServerSlots>;
  readonly packages: Seen<InstalledPackages>;
  readonly stress: Seen<StressResult>;
  readonly replicas: number;
  readonly now: number;
}
