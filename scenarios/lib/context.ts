/** An endpoint of the service, as the contract describes it. */
interface Endpoint {
  method: string;
  path: string;
  body?: unknown;
  /** The user that a request speaks for. */
  user?: string;
  served: number[];
  reaches: string[];
  /** Those of them without which it is served all the same. */
  servedWithout: string[];
}

/** A fault of a fake upstream or of the database: its kind with its fields, and for how long (`next` requests, or until healed). */
export interface Fault {
  kind: string;
  next?: number;
  [field: string]: unknown;
}

/** A breaker of the service: what the contract says of it, and its numbers. Times in seconds. */
export interface Breaker {
  upstream: string;
  endpoint: string;
  refusal: number;
  /** Whether a refusal says in Retry-After when to come back. */
  retryAfter: boolean;
  /** Where its openings are counted. */
  openings?: { endpoint: string; metric: string };
  /** Endpoints that an outage leaves as fast as they were. */
  untouched: string[];
  /** Faults that count as failures. */
  failures: Fault[];
  /** Faults that neither count nor set the count back. */
  ignored: Fault[];
  /** Faults under which a call is served all the same. */
  harmless: Fault[];
  threshold: number;
  recoverySeconds: number;
  /** After which a call of the upstream is given up. */
  callTimeoutSeconds?: number;
}

/** What the harness tells a script: addresses, and the contract's promises in the numbers of one profile. */
export interface Context {
  /** The service's processes: one, and those that the scenario has beside it. */
  services: string[];
  /** The lab's control API, and the token that it asks for. */
  lab: { url: string; token: string };
  /** Whether the lab has started the service: else its database and its upstreams are not the lab's. */
  startedByLab: boolean;
  endpoints: Record<string, Endpoint>;
  /** The endpoint that is served whatever is broken. */
  health?: string;
  limits: Record<string, { max: number; windowSeconds: number; sharedWith: string[] }>;
  /** Where a window begins, whether a 429 says in Retry-After when to come back, and the headers that every answer carries. */
  limiter: { window: 'first-request' | 'clock' | 'sliding'; retryAfter: boolean; headers: string[] };
  breakers: Record<string, Breaker>;
  /** How a request proves its user: the key that tokens are signed with, and the seconds that they are good for. */
  authentication?: { key: string; validSeconds: number };
  /** What the service knows a client by. */
  client: 'socket' | 'last-forwarded';
  pool?: {
    max: number;
    queueMax?: number;
    acquireTimeoutSeconds: number;
    queryTimeoutSeconds?: number;
    endpoint: string;
    refusal: number;
    retryAfter: boolean;
  };
  /** An endpoint that stores a row for each request, and the statuses by which it says so. */
  ledger?: { endpoint: string; key: string; acknowledged: number[] };
  /** What load the service bears, what bearing means, and what becomes of more. */
  capacity?: {
    endpoint: string;
    refusal: number;
    requestsPerSecond: number;
    withinMs: number;
    share: number;
    soakSeconds: number;
  };
  /** Where the process tells the seconds of processor time that it has used, and its bytes of memory. */
  cpu?: { endpoint: string; metric: string };
  memory?: { endpoint: string; metric: string };
  /** Kinds of certificates of an upstream that must be refused. */
  tls: { refused: string[] };
  /** Settings with which the service must not start, by what is wrong with them. */
  refusedStarts?: Record<string, { settings: Record<string, string | null> }>;
  secret?: { setting: string; weak: Record<string, string | null>; strong: Record<string, string> };
}

/** What this run's script is told. */
export const context = JSON.parse(__ENV.PROOFLOAD as string) as Context;

/** Thrown in a script's init stage, it says that the contract lacks what the scenario is about: so it is skipped. */
class NotPromised extends Error {
  override readonly name = 'NotPromised';
}

/** A part of the contract that a script can't do without. */
export function promised<Value>(part: Value | undefined, what: string): Value {
  if (part === undefined) throw new NotPromised(`the contract describes no ${what}`);
  return part;
}

/** An entry of the context that a script can't do without. */
export function find<Value>(entries: Record<string, Value>, name: string): Value {
  const found = entries[name];
  if (found !== undefined) return found;
  throw new NotPromised(`the contract has no "${name}"; it has ${Object.keys(entries).join(', ') || 'none'}`);
}

/** The names of all breakers; a scenario about breakers can't do without any. */
export function breakerNames(): string[] {
  const names = Object.keys(context.breakers);
  promised(names[0], 'breaker in this profile');
  return names;
}

/** A breaker that a script can't do without, by its name. */
export function findBreaker(name: string): Breaker {
  const names = breakerNames();
  return promised(context.breakers[name], `breaker "${name}" in this profile; it has ${names.join(', ')}`);
}

/** The names of all limits; a scenario about limits can't do without any. */
export function limitNames(): string[] {
  const names = Object.keys(context.limits);
  promised(names[0], 'limit in this profile');
  return names;
}

/** The endpoints that an upstream fails: they reach it, and are not served without it. */
export const failedBy = (upstream: string): string[] =>
  Object.entries(context.endpoints)
    .filter(([, { reaches, servedWithout }]) => reaches.includes(upstream) && !servedWithout.includes(upstream))
    .map(([name]) => name);

/** Kinds of certificates that must be refused; a scenario about impostors can't do without any. */
export function refusedCertificates(): string[] {
  const { refused } = context.tls;
  promised(refused[0], 'certificate that has to be refused (tls.refused)');
  return refused;
}

/** Every endpoint with each upstream that it reaches; a scenario about upstreams can't do without any. */
export function pathsToUpstreams(): { endpoint: string; upstream: string }[] {
  const paths = Object.entries(context.endpoints).flatMap(([endpoint, { reaches }]) =>
    reaches.map((upstream) => ({ endpoint, upstream })),
  );
  promised(paths[0], 'endpoint that reaches an upstream');
  return paths;
}
