import { z } from 'zod';

const tags = z.record(z.string(), z.string());
/** Milliseconds since the epoch with fractions, on the machine's one clock. */
const at = z.number();

/** One request as the load generator saw it. `at` is when it was sent, `ms` how long until its last byte. */
const request = z.strictObject({
  ...{ type: z.literal('request'), at, ms: z.number() },
  ...{ method: z.string(), name: z.string(), tags },
  /** 0 where there was no answer. */
  status: z.int(),
  /** Whether it was the first request of its connection: a server may close one that has been idle at any time. */
  opened: z.boolean(),
});

/** One value that the script gave to a metric of its own. */
const metric = z.strictObject({ type: z.literal('metric'), at, metric: z.string(), value: z.number(), tags });

/** What arrived at a fake: see faults/receipts/receipts.ts, which tells more of each. */
const receipt = z.looseObject({
  ...{ type: z.literal('receipt'), at, seq: z.int(), upstream: z.string() },
  kind: z.enum(['request', 'handshake-failed', 'connection', 'refusing', 'acting']),
  /** When the last byte was handed to the socket, or the connection destroyed; null while that is to come. */
  endedAt: z.number().nullish(),
  route: z.string().optional(),
  /** The faults that it got, each as `id:kind`. */
  faults: z.array(z.string()).readonly().optional(),
  status: z.int().nullish(),
  outcome: z.string().optional(),
  error: z.string().optional(),
});

/** Which of several processes of the service it is of, by the number in its log's name: from 2, and absent for the first. */
const process = z.int().min(2).optional();

/** One change of a breaker's state, as the service's log tells it. */
const transition = z.strictObject({
  ...{ type: z.literal('transition'), at, breaker: z.string(), line: z.string(), process },
  to: z.enum(['open', 'half-open', 'closed']),
});

/** The backends that the service's role had, as pg_stat_activity showed them. */
const connections = z.strictObject({
  ...{ type: z.literal('connections'), at, total: z.int(), active: z.int() },
  ...{ waitingForLock: z.int(), idleInTransaction: z.int() },
});

/** The script began a phase; `receipts` is the number of the last receipt before it. */
const phase = z.strictObject({ type: z.literal('phase'), at, name: z.string(), receipts: z.int() });

/** The script asked for a fault, or for all of them to be healed. */
const fault = z.strictObject({
  ...{ type: z.literal('fault'), at, upstream: z.string(), asked: z.record(z.string(), z.unknown()) },
  /** The fault's id, absent where faults were healed. */
  id: z.string().optional(),
});

/** The lab tried to start a second service with other settings. */
const start = z.strictObject({
  ...{ type: z.literal('start'), at, code: z.int().nullable(), output: z.string() },
  /** What the attempt is about, such as `SECRET_KEY: empty`. */
  about: z.string(),
  outcome: z.enum(['started', 'refused', 'neither']),
});

/** What the contract's ledger held: how many rows there were for each key. */
const stored = z.strictObject({
  ...{ type: z.literal('stored'), at, rows: z.record(z.string(), z.int()) },
  /** Why it can't be read, such as a table that is not there. */
  problem: z.string().exactOptional(),
});

const service = z.strictObject({
  /** One that ran already is found at the beginning, and lost where it no longer answers at the end. */
  ...{ type: z.literal('service'), at, event: z.enum(['started', 'exited', 'found', 'lost']) },
  ...{ code: z.int().nullish(), signal: z.string().nullish(), process },
  /** Whether the lab itself had ended it. */
  asked: z.boolean().optional(),
});

/** The lab could not set the scenario up, so nothing of it ran: why, and the last lines of what failed. */
const setUp = z.strictObject({ type: z.literal('set-up'), at, problem: z.string(), output: z.array(z.string()) });

/** What became of the load generator: an error that it logged, iterations that it dropped, its end. */
const engine = z.discriminatedUnion('event', [
  z.strictObject({ type: z.literal('engine'), at, event: z.literal('error'), text: z.string() }),
  z.strictObject({ type: z.literal('engine'), at, event: z.literal('dropped'), iterations: z.number() }),
  z.strictObject({
    ...{ type: z.literal('engine'), at, event: z.literal('ended') },
    ...{ code: z.int().nullable(), signal: z.string().nullable(), why: z.string().optional() },
  }),
]);

/** A threshold of the script as the engine judged it, and how many samples its metric had. */
const threshold = z.strictObject({
  ...{ type: z.literal('threshold'), at, metric: z.string(), expression: z.string() },
  ...{ ok: z.boolean(), samples: z.int(), values: z.record(z.string(), z.number()) },
});

/**
 * For so long (`ms`, until `at`) something did not run, and times measured meanwhile are its own: the event loop of the
 * generator or of the lab, the generator's process, or the machine, whose processor time went to others (steal).
 */
const stall = z.strictObject({
  ...{ type: z.literal('stall'), at, ms: z.number() },
  of: z.enum(['generator', 'generator process', 'lab', 'machine']),
});

/** Whoever has a part in answering a request. */
export const PARTIES = ['service', 'database', 'fakes', 'generator', 'lab'] as const;
const party = z.enum(PARTIES);

/**
 * Between two looks (`since` and `at`) threads of one party were ready to run and waited for a processor: `ms` milliseconds is what the
 * thread waited that waited longest, which may have begun before the first look. The first look at each party has 0; later ones
 * without any waiting are left out.
 */
const starved = z.strictObject({ type: z.literal('starved'), since: z.number(), at, ms: z.number(), of: party });

/** What one part of the harness counted by itself, to be reconciled with what the history holds. */
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

/** What a history is made of. */
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
