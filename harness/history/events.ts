/**
 * The events in a history, which are recorded while a scenario runs. Checkers base their verdicts only on these events.
 *
 * Every event has a `type` and a time `at`. All of a run's processes are on the same machine and use its clock, so the
 * times of different events can be compared. An event contains what was observed and by whom, but never a conclusion.
 *
 * To add an event, define its schema here with `event`, add it to `historyEvent` and to `SERIES` in
 * series.ts, and record it with `Recording.add`. Increment `VERSION` in header.ts if older readers would misunderstand
 * the file.
 */

import { z } from 'zod';
import {
  connectionReceipt,
  handshakeReceipt,
  redirectedReceipt,
  requestReceipt,
  spanReceipt,
  strayReceipt,
  unusedReceipt,
} from '../../faults/receipts/receipt.ts';
import { phaseData } from '../contract/phase-shape.ts';
import { at, count, end, event, process } from './numbering.ts';

const tags = z.record(z.string(), z.string());
/** The ID of a trace (W3C Trace Context): 32 hexadecimal digits. */
const traceId = z.string();

/** The script's metric whose samples have what a response shows in their metadata. */
export const ANSWERS = 'answers';

/** The script's metric whose samples have the status for which a response stands (callers/meaning-of.ts). */
export const MEANINGS = 'answer_meaning';

/**
 * What a response shows of the answers of fakes, whose words say where they belong: see faults/marks/marks.ts. Absent if
 * a response shows nothing, or if nobody looked.
 */
const answer = z.strictObject({
  /**
   * The words at each path of the response, or in its whole body (an empty path): see faults/marks/write-marks.ts. In
   * a stream, a path has the joined pieces of all events.
   */
  parts: z.record(z.string(), z.string()),
  /** The value of `${unique}` in the request. Absent if the request has none. */
  unique: z.string().exactOptional(),
  /** By what the service can tell the caller from others. Absent if it can't, or if this contains `unique`. */
  caller: z.string().exactOptional(),
  /** The tokens that it reports: input and output, or null. */
  usage: z.tuple([z.number().nullable(), z.number().nullable()]).exactOptional(),
  /** The model that it names. */
  model: z.string().exactOptional(),
  /** How it ended, if it told its caller that something is missing. */
  ends: z.enum(['cut', 'error']).exactOptional(),
  stream: z.literal(true).exactOptional(),
  /** Whether it says that it ends early because of a limit of its length, such as `max_tokens`. */
  limited: z.literal(true).exactOptional(),
  /** Whether it is too long to be searched. */
  unread: z.literal(true).exactOptional(),
});

/**
 * A request as seen by the load generator. It was sent at `at`, and the last byte of its response arrived `ms` later.
 */
const request = event('request', {
  ms: z.number(),
  method: z.string(),
  name: z.string(),
  tags,
  /**
   * The HTTP status, or 0 if there was no response. See `tells` for which outcomes are evidence. If the contract has
   * conditions on the body, it is the status that the response stands for (callers/meaning-of.ts).
   */
  status: z.int(),
  /** The response in words, if its HTTP status is not the one that it stands for: "200 with errors". */
  words: z.string().exactOptional(),
  /**
   * Whether this was the first request on its connection. Later requests may fail because the server closed an idle
   * connection.
   */
  opened: z.boolean(),
  /** The ID of the trace that it began. Absent if the script sent no `traceparent`. */
  trace: traceId.exactOptional(),
  answer: answer.exactOptional(),
});

/**
 * A span that the service exported about one of the script's requests: a unit of work that began at `at` and took `ms`
 * milliseconds.
 */
const span = event('span', {
  ms: z.number(),
  trace: traceId,
  id: z.string(),
  /** The ID of the span that it is part of. It belongs to the script if the span is the service's first one. */
  parent: z.string().exactOptional(),
  service: z.string(),
  name: z.string(),
  /** Whether the service says that it failed. */
  failed: z.boolean(),
  /** Why it failed. */
  message: z.string().exactOptional(),
});

/** A sample for a metric that the script defines. */
const metric = event('metric', { metric: z.string(), value: z.number(), tags });

const ofReceipt = { type: z.literal('receipt') };

/** An arrival at a fake upstream or at the database proxy, or a period in which a fault acted. */
const receipt = z.discriminatedUnion('kind', [
  requestReceipt.extend(ofReceipt),
  handshakeReceipt.extend(ofReceipt),
  unusedReceipt.extend(ofReceipt),
  redirectedReceipt.extend(ofReceipt),
  connectionReceipt.extend(ofReceipt),
  spanReceipt.extend(ofReceipt),
  strayReceipt.extend(ofReceipt),
]);

/** A breaker's state change, read from a line in the service's log. */
const transition = event('transition', {
  breaker: z.string(),
  line: z.string(),
  process,
  to: z.enum(['open', 'half-open', 'closed']),
});

/** How many database connections the service's role has, sampled from pg_stat_activity. */
const connections = event('connections', {
  total: z.int(),
  active: z.int(),
  waitingForLock: z.int(),
  idleInTransaction: z.int(),
});

/** The script entered a phase. Receipts with a `seq` above `receipts` arrived after that. */
const phase = z.strictObject({
  type: z.literal('phase'),
  at,
  /** Its number, starting at 1. Each entry has another one. */
  id: z.int().positive(),
  /** The script's action. */
  data: phaseData,
  /** For people. */
  title: z.string(),
  receipts: z.int(),
});

/** The script set a fault, or healed all faults of an upstream. */
const fault = event('fault', {
  /** When it was asked for. It took effect no earlier, and no later than `at`. */
  askedAt: at.exactOptional(),
  upstream: z.string(),
  asked: z.record(z.string(), z.unknown()),
  /** The fault's ID. Absent if faults were healed. */
  id: z.string().optional(),
});

/** The lab tried to start an additional service process with settings that it must reject or accept. */
const start = event('start', {
  code: z.int().nullable(),
  output: z.string(),
  /** The setting under test, for example `SECRET_KEY: empty`. */
  about: z.string(),
  outcome: z.enum(['started', 'refused', 'neither']),
});

/** The contents of the contract's ledger: the number of rows for each key. */
const stored = event('stored', {
  rows: z.record(z.string(), z.int()),
  /** The words of upstreams' answers in the rows of a key, as in `answer.parts`. Absent if the contract names no column. */
  answers: z.record(z.string(), z.string()).exactOptional(),
  /** Why the ledger could not be read, for example because a table is missing. */
  problem: z.string().exactOptional(),
});

/** The rows of the tables in which tools act, by tool: for each row, the values of a script's `${unique}` in it. */
const acted = event('acted', {
  rows: z.record(z.string(), z.array(z.array(z.string()))),
  /** Why a table could not be read. */
  problem: z.string().exactOptional(),
});

/**
 * A service process started, got a signal of the lab, or exited. A service that was not started by the lab is `found`
 * at the beginning, and `lost` if it no longer responds at the end. `unread` says that its log could not be read to the
 * end.
 */
const service = event('service', {
  event: z.enum(['started', 'signalled', 'exited', 'found', 'lost', 'unread']),
  code: z.int().nullish(),
  signal: z.string().nullish(),
  process,
  /** Whether the lab stopped the process on purpose. */
  asked: z.boolean().optional(),
  /** Why it is not known whether the socket on the service's port belongs to the process that has `started`. */
  unchecked: z.string().exactOptional(),
  /** Whether it runs on another machine, whose pauses can't be seen. */
  elsewhere: z.literal(true).exactOptional(),
  /** Whether it left other processes behind when it exited, which the lab then killed. */
  left: z.literal(true).exactOptional(),
  /** The last line of the process's log, if it exited on its own. */
  said: z.string().exactOptional(),
  /** Why the log is `unread`. */
  problem: z.string().exactOptional(),
});

/** All processes of the service were stopped from `at` to `until`, as if the machine had taken their processors. */
const freeze = event('freeze', {
  until: z.number(),
  /** How many processes were stopped. */
  processes: z.int(),
  /** Why it is not certain that none of them ran. */
  problem: z.string().exactOptional(),
});

/**
 * The lab could not set up the scenario, so its script did not run. `output` contains the last lines of the process
 * that failed.
 */
const setUp = event('set-up', {
  problem: z.string(),
  output: z.array(z.string()),
});

/** The load generator logged an error, dropped iterations, or exited. */
const engine = z.discriminatedUnion('event', [
  event('engine', {
    event: z.literal('error'),
    text: z.string(),
    /** Whether a metric refused a value. Otherwise, the script threw an exception or the engine failed. */
    refusedValue: z.literal(true).exactOptional(),
  }),
  event('engine', { event: z.literal('dropped'), iterations: z.number() }),
  event('engine', {
    event: z.literal('ended'),
    code: z.int().nullable(),
    signal: z.string().nullable(),
    why: z.string().optional(),
  }),
]);

/** One of the script's thresholds, with the engine's verdict (`ok`) and the number of samples for its metric. */
const threshold = event('threshold', {
  metric: z.string(),
  expression: z.string(),
  ok: z.boolean(),
  samples: z.int(),
  values: z.record(z.string(), z.number()),
});

/**
 * A pause of `ms` milliseconds that ended at `at`. The pause can affect an event loop (`generator`, `lab`), the
 * generator's process (it was stopped), or the machine (steal: other virtual machines used its processors). Times
 * measured during a pause say nothing about the service.
 */
const stall = event('stall', {
  ms: z.number(),
  of: z.enum(['generator', 'generator process', 'lab', 'machine']),
});

/** The parties to a request. Each consists of one or more processes. */
export const PARTIES = ['service', 'database', 'fakes', 'generator', 'lab'] as const;
const party = z.enum(PARTIES);

/**
 * Threads of one party were ready to run between `since` and `at` but did not get a processor. `ms` is the longest wait
 * of a single thread in milliseconds, and may have started before `since`. Each party's first sample is always recorded
 * with 0. Later samples without a wait are not recorded.
 */
const starved = event('starved', {
  since: z.number(),
  ms: z.number(),
  of: party,
});

/**
 * The names of the secrets that responses and logs were searched for, and of those that are too short or too common.
 */
const search = event('search', {
  secrets: z.array(z.string()),
  unsearched: z.array(z.string()),
});

/**
 * A line of a service's log or files, or of the output of an attempted start, or an export of its telemetry, that shows a
 * secret.
 */
const leak = event('leak', {
  /** The secret's name. */
  secret: z.string(),
  /** `log`, `telemetry`, or the `about` of the attempted start. */
  of: z.string(),
  /** The file in the folder of the process. Absent for the log and the output. */
  file: z.string().exactOptional(),
  /** The number of the line or of the export, starting at 1. */
  line: z.int().positive(),
  process,
});

/**
 * A line of a service's log that may say why something failed, without secrets. At most ten per second and process are
 * recorded. The log has all.
 */
const log = event('log', {
  text: z.string(),
  process,
});

/** Names of files: how many there are, and some of them. */
const fileNames = z.strictObject({ all: z.int(), names: z.array(z.string()) });

/** The files of a service process in its folder (`${folder}`), and how much of them was searched for secrets. */
const files = event('files', {
  /** `log`, or the `about` of the attempted start. */
  of: z.string(),
  /** How many text files were searched, and how many lines they have. */
  files: z.int(),
  lines: z.int(),
  /** Files that are not text, and links out of the folder. They are not searched. */
  binary: fileNames,
  links: fileNames,
  /** Files that could not be read, or not to the end, with the reasons. */
  unread: fileNames,
  process,
});

export const historyEvent = z.discriminatedUnion('type', [
  request,
  span,
  metric,
  receipt,
  transition,
  connections,
  phase,
  fault,
  start,
  setUp,
  stored,
  acted,
  service,
  freeze,
  engine,
  threshold,
  stall,
  starved,
  count,
  search,
  leak,
  log,
  files,
  end,
]);

/** Any event in a history, discriminated by `type`. */
export type HistoryEvent = z.output<typeof historyEvent>;
export type RequestSample = z.output<typeof request>;
/** What a response shows of the answers of fakes. */
export type ShownAnswer = z.output<typeof answer>;
export type SpanEvent = z.output<typeof span>;
export type MetricSample = z.output<typeof metric>;
export type Receipt = z.output<typeof receipt>;
export type RequestReceipt = Extract<Receipt, { kind: 'request' }>;
export type ConnectionReceipt = Extract<Receipt, { kind: 'connection' }>;
export type RedirectedReceipt = Extract<Receipt, { kind: 'redirected' }>;
export type HandshakeReceipt = Extract<Receipt, { kind: 'handshake-failed' }>;
export type UnusedReceipt = Extract<Receipt, { kind: 'closed-unused' }>;
export type StrayReceipt = Extract<Receipt, { kind: 'stray' }>;
export type ServiceEvent = z.output<typeof service>;
export type FreezeEvent = z.output<typeof freeze>;
export type Transition = z.output<typeof transition>;
export type ConnectionSample = z.output<typeof connections>;
export type PhaseEvent = z.output<typeof phase>;
export type FaultEvent = z.output<typeof fault>;
export type StartAttempt = z.output<typeof start>;
export type ThresholdEvent = z.output<typeof threshold>;
export type Stall = z.output<typeof stall>;
export type Party = z.output<typeof party>;
export type Starved = z.output<typeof starved>;
export type CountEvent = z.output<typeof count>;
export type LeakEvent = z.output<typeof leak>;
export type FilesEvent = z.output<typeof files>;
