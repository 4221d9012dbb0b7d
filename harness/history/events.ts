/**
 * The events of a history: everything that is recorded while a scenario runs, and all that checkers may rest a verdict
 * on.
 *
 * Every event has a `type` and a time `at`. All processes of a run are on one machine and use its clock, so times of
 * different events can be compared. An event says what was observed and by whom; it never contains a conclusion.
 *
 * To add an event: define its schema here, add it to `historyEvent`, and record it with `History.add`. Increment
 * `VERSION` in header.ts if an older reader would misunderstand the file.
 */

import { z } from 'zod';

const tags = z.record(z.string(), z.string());
/** Milliseconds since the Unix epoch, with fractions (`now` in base/clock.ts). */
const at = z.number();

/** A request, as the load generator saw it. It was sent at `at`, and the last byte of its answer came `ms` later. */
const request = z.strictObject({
  ...{ type: z.literal('request'), at, ms: z.number() },
  ...{ method: z.string(), name: z.string(), tags },
  /** The HTTP status; 0 if there was no answer. See `tells` for which of those are evidence. */
  status: z.int(),
  /**
   * Whether it was the first request on its connection. Later ones may fail because the server closed an idle
   * connection.
   */
  opened: z.boolean(),
});

/** A sample of a metric that the script defines. */
const metric = z.strictObject({ type: z.literal('metric'), at, metric: z.string(), value: z.number(), tags });

/** An arrival at a fake upstream or at the database proxy. faults/receipts/receipts.ts describes all fields. */
const receipt = z.looseObject({
  ...{ type: z.literal('receipt'), at, seq: z.int(), upstream: z.string() },
  kind: z.enum(['request', 'handshake-failed', 'connection', 'refusing', 'acting']),
  /** When the last byte was written to the socket, or the connection was destroyed; null while it is in progress. */
  endedAt: z.number().nullish(),
  route: z.string().optional(),
  /** The faults that acted on it, each as `id:kind`. */
  faults: z.array(z.string()).readonly().optional(),
  status: z.int().nullish(),
  outcome: z.string().optional(),
  error: z.string().optional(),
});

/** The process of the service, by the number in the name of its log: 2 and up; absent for the first process. */
const process = z.int().min(2).optional();

/** A state change of a breaker, read from a line of the service's log. */
const transition = z.strictObject({
  ...{ type: z.literal('transition'), at, breaker: z.string(), line: z.string(), process },
  to: z.enum(['open', 'half-open', 'closed']),
});

/** The number of database connections of the service's role, sampled from pg_stat_activity. */
const connections = z.strictObject({
  ...{ type: z.literal('connections'), at, total: z.int(), active: z.int() },
  ...{ waitingForLock: z.int(), idleInTransaction: z.int() },
});

/** The script began a phase. Receipts with a `seq` above `receipts` arrived after that. */
const phase = z.strictObject({ type: z.literal('phase'), at, name: z.string(), receipts: z.int() });

/** The script set a fault, or healed all faults of an upstream. */
const fault = z.strictObject({
  ...{ type: z.literal('fault'), at, upstream: z.string(), asked: z.record(z.string(), z.unknown()) },
  /** The id of the fault; absent if faults were healed. */
  id: z.string().optional(),
});

/** The lab tried to start another process of the service, with settings that it must refuse or accept. */
const start = z.strictObject({
  ...{ type: z.literal('start'), at, code: z.int().nullable(), output: z.string() },
  /** The setting under test, such as `SECRET_KEY: empty`. */
  about: z.string(),
  outcome: z.enum(['started', 'refused', 'neither']),
});

/** The content of the contract's ledger: the number of rows for each key. */
const stored = z.strictObject({
  ...{ type: z.literal('stored'), at, rows: z.record(z.string(), z.int()) },
  /** Why it could not be read, for example a missing table. */
  problem: z.string().exactOptional(),
});

/**
 * A process of the service started or ended. A service that the lab did not start is `found` at the beginning, and
 * `lost` if it no longer answers at the end.
 */
const service = z.strictObject({
  ...{ type: z.literal('service'), at, event: z.enum(['started', 'exited', 'found', 'lost']) },
  ...{ code: z.int().nullish(), signal: z.string().nullish(), process },
  /** Whether the lab ended it on purpose. */
  asked: z.boolean().optional(),
  /** The last line of its log, if it ended without the lab. */
  said: z.string().exactOptional(),
});

/**
 * The lab could not set up the scenario, so its script did not run. `output` has the last lines of the process that
 * failed.
 */
const setUp = z.strictObject({ type: z.literal('set-up'), at, problem: z.string(), output: z.array(z.string()) });

/** The load generator logged an error, dropped iterations, or ended. */
const engine = z.discriminatedUnion('event', [
  z.strictObject({ type: z.literal('engine'), at, event: z.literal('error'), text: z.string() }),
  z.strictObject({ type: z.literal('engine'), at, event: z.literal('dropped'), iterations: z.number() }),
  z.strictObject({
    ...{ type: z.literal('engine'), at, event: z.literal('ended') },
    ...{ code: z.int().nullable(), signal: z.string().nullable(), why: z.string().optional() },
  }),
]);

/** A threshold of the script with the engine's verdict (`ok`), and the number of samples of its metric. */
const threshold = z.strictObject({
  ...{ type: z.literal('threshold'), at, metric: z.string(), expression: z.string() },
  ...{ ok: z.boolean(), samples: z.int(), values: z.record(z.string(), z.number()) },
});

/**
 * A pause of `ms` milliseconds that ended at `at`: of an event loop (`generator`, `lab`), of the generator's process
 * (it was stopped), or of the machine (steal: its processor time went to other virtual machines). Times measured during
 * a pause say nothing about the service.
 */
const stall = z.strictObject({
  ...{ type: z.literal('stall'), at, ms: z.number() },
  of: z.enum(['generator', 'generator process', 'lab', 'machine']),
});

/** The participants in a request, each of them one or more processes. */
export const PARTIES = ['service', 'database', 'fakes', 'generator', 'lab'] as const;
const party = z.enum(PARTIES);

/**
 * Threads of one party were ready to run between `since` and `at`, but had no processor. `ms` is the longest wait of a
 * single thread in milliseconds; it may have begun before `since`. The first sample of each party is always recorded,
 * with 0; later samples without a wait are not.
 */
const starved = z.strictObject({ type: z.literal('starved'), since: z.number(), at, ms: z.number(), of: party });

/**
 * A number that a part of the harness counted independently. The checker `counts-agree` compares it with the events.
 */
const count = z.strictObject({
  ...{ type: z.literal('count'), at, value: z.int() },
  of: z.enum(['requests of the generator', 'first receipt', 'last receipt']),
});

export const historyEvent = z.discriminatedUnion('type', [
  request,
  metric,
  receipt,
  transition,
  connections,
  phase,
  fault,
  start,
  setUp,
  stored,
  service,
  engine,
  threshold,
  stall,
  starved,
  count,
]);

/** Any event of a history. `type` tells the kinds apart. */
export type HistoryEvent = z.output<typeof historyEvent>;
export type RequestSample = z.output<typeof request>;
export type MetricSample = z.output<typeof metric>;
export type Receipt = z.output<typeof receipt>;
export type ServiceEvent = z.output<typeof service>;
export type Transition = z.output<typeof transition>;
export type ConnectionSample = z.output<typeof connections>;
export type PhaseEvent = z.output<typeof phase>;
export type FaultEvent = z.output<typeof fault>;
export type StartAttempt = z.output<typeof start>;
export type ThresholdEvent = z.output<typeof threshold>;
export type Stall = z.output<typeof stall>;
export type Party = z.output<typeof party>;
export type Starved = z.output<typeof starved>;
