/**
 * What a history is made of. Times (`at`) are milliseconds since the epoch with fractions, on the machine's one clock.
 */
export type HistoryEvent =
  | RequestSample
  | MetricSample
  | Receipt
  | Transition
  | ConnectionSample
  | PhaseEvent
  | FaultEvent
  | StartAttempt
  | ServiceEvent
  | EngineEvent
  | ThresholdEvent;

/** One request as the load generator saw it. `at` is when it was sent, `ms` how long until its last byte. */
export interface RequestSample {
  type: 'request';
  at: number;
  ms: number;
  method: string;
  name: string;
  /** 0 where there was no answer. */
  status: number;
  tags: Record<string, string>;
}

/** One value that the script gave to a metric of its own. */
export interface MetricSample {
  type: 'metric';
  at: number;
  metric: string;
  value: number;
  tags: Record<string, string>;
}

/** What arrived at a fake, at the database's proxy, or what a fault did: see mocks/receipts.ts. */
export interface Receipt {
  type: 'receipt';
  at: number;
  seq: number;
  upstream: string;
  kind: 'request' | 'handshake-failed' | 'connection' | 'refusing' | 'acting';
  /** When the last byte was handed to the socket, or the connection destroyed; null while that is to come. */
  endedAt?: number | null;
  route?: string;
  /** The faults that it got, each as `id:kind`. */
  faults?: readonly string[];
  status?: number | null;
  outcome?: string;
  error?: string;
}

/** One change of a breaker's state, as the service's log tells it. */
export interface Transition {
  type: 'transition';
  at: number;
  breaker: string;
  to: 'open' | 'half-open' | 'closed';
  line: string;
}

/** The backends that the service's role had, as pg_stat_activity showed them. */
export interface ConnectionSample {
  type: 'connections';
  at: number;
  total: number;
  active: number;
  waitingForLock: number;
  idleInTransaction: number;
}

/** The script began a phase; `receipts` is the number of the last receipt before it. */
export interface PhaseEvent {
  type: 'phase';
  at: number;
  name: string;
  receipts: number;
}

/** The script asked for a fault, or for faults to be healed. */
export interface FaultEvent {
  type: 'fault';
  at: number;
  upstream: string;
  /** The fault's id, absent where faults were healed. */
  id?: string;
  asked: Record<string, unknown>;
}

/** The lab tried to start a second service with other settings. */
export interface StartAttempt {
  type: 'start';
  at: number;
  /** What the attempt is about, such as `SECRET_KEY: empty`. */
  about: string;
  outcome: 'started' | 'refused' | 'neither';
  code: number | null;
  output: string;
}

interface ServiceEvent {
  type: 'service';
  at: number;
  event: 'started' | 'exited';
  code?: number | null;
  signal?: string | null;
  /** Whether the lab itself had ended it. */
  asked?: boolean;
}

/** What became of the load generator: an error that it logged, an iteration that it dropped, its end. */
type EngineEvent = { type: 'engine'; at: number } & (
  | { event: 'error'; text: string }
  | { event: 'dropped'; iterations: number }
  | { event: 'ended'; code: number | null; signal: string | null; why?: string }
);

/** A threshold of the script as the engine judged it, and how many samples its metric had. */
export interface ThresholdEvent {
  type: 'threshold';
  at: number;
  metric: string;
  expression: string;
  ok: boolean;
  samples: number;
  values: Record<string, number>;
}
