/** An endpoint of the service, as the contract describes it. */
interface Endpoint {
  method: string;
  path: string;
  body?: unknown;
  served: number[];
  reaches: string[];
}

/** A fault of a fake upstream: its kind with its fields, and for how long (`next` requests, or until healed). */
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
  /** Where its openings are counted. */
  openings?: { endpoint: string; metric: string };
  /** Faults that count as failures. */
  failures: Fault[];
  threshold: number;
  recoverySeconds: number;
}

/** What the harness tells a script: addresses, and the contract's promises in the numbers of one profile. */
export interface Context {
  service: string;
  lab: string;
  endpoints: Record<string, Endpoint>;
  limits: Record<string, { max: number; windowSeconds: number }>;
  breakers: Record<string, Breaker>;
  /** What the service knows a client by. */
  client: 'socket' | 'last-forwarded';
  pool: { max: number; queueMax: number; acquireTimeoutSeconds: number; endpoint: string; refusal: number };
  secrets: { setting: string; weak: Record<string, string | null>; strong: Record<string, string> };
}

/** What this run's script is told. */
export const context = JSON.parse(__ENV.PROOFLOAD as string) as Context;

/** An entry of the context that a script can't do without. */
export function find<Value>(entries: Record<string, Value>, name: string): Value {
  const found = entries[name];
  if (found === undefined) throw new Error(`the contract has no "${name}"; it has ${Object.keys(entries).join(', ')}`);
  return found;
}
