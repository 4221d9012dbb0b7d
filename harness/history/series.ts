import { DATABASE } from '../contract/uses-postgres.ts';
import type { HistoryEvent } from './events.ts';

/** Series whose events are numbered by their sources: receipts when they arrive, and phases when they begin. */
const BY_SOURCE = {
  upstream: 'receipts of the upstreams',
  database: 'receipts of the database',
  phase: 'phases',
} as const;

/** Series whose events are numbered when they are recorded. */
const BY_RECORDING = {
  request: 'requests',
  span: 'spans',
  metric: 'samples of metrics',
  transition: 'transitions of breakers',
  connections: 'samples of database connections',
  fault: 'faults',
  start: 'attempted starts',
  'set-up': 'problems of the set-up',
  stored: 'contents of the ledger',
  acted: 'effects of tools',
  service: 'events of the service',
  freeze: 'freezes of the service',
  engine: 'events of the engine',
  threshold: 'thresholds',
  stall: 'pauses',
  starved: 'waits for a processor',
  count: 'counts',
  search: 'searches for secrets',
  leak: 'leaks',
  log: 'lines of the log',
  files: 'searches of files',
} as const satisfies Record<Exclude<HistoryEvent['type'], 'receipt' | 'phase' | 'end'>, string>;

/** The events of a series have successive numbers. The values are titles for people. */
export const SERIES = { ...BY_RECORDING, ...BY_SOURCE } as const;

export type Series = keyof typeof SERIES;

/** A series whose events are numbered by their source. */
export type SourceSeries = keyof typeof BY_SOURCE;

/** The first and the last number of a series. */
export interface Numbers {
  readonly first: number;
  readonly last: number;
}

/** Returns the series that an event belongs to. The end of the record belongs to none. */
export function seriesOf(event: HistoryEvent): Series | undefined {
  if (event.type === 'receipt') return event.upstream === DATABASE ? 'database' : 'upstream';
  return event.type === 'end' ? undefined : event.type;
}

/** Returns an event's number in its series. Handwritten events may have none. */
export function numberOf(event: HistoryEvent): number | undefined {
  if (event.type === 'receipt') return event.seq;
  if (event.type === 'phase') return event.id;
  return event.type === 'end' ? undefined : event.n;
}

/** Returns the series whose events are numbered when they are recorded. */
export const recordedSeries = (): Series[] => Object.keys(BY_RECORDING) as Series[];

/** Whether the events of a series are numbered by their source. */
export const isBySource = (series: Series): series is SourceSeries => series in BY_SOURCE;
