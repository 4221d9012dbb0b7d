import type { ExitCode } from '../base/exit-codes.ts';
import type { Level, LogDetails } from '../base/logger.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Tags } from '../metrics/tags.ts';
import type { Flags } from '../options/flags.ts';
import type { GroupData } from '../vu/group.ts';
import type { Abort } from '../vu/test-state.ts';

/** A metric without its data. */
type MetricHead = Pick<Metric, 'name' | 'type' | 'contains'>;

/** The work assigned to a thread. It is passed to the thread at the start. */
export interface Assignment {
  /** Which part of the instance's work the thread runs, and into how many parts the work is divided. */
  readonly index: number;
  readonly parts: number;
  readonly flags: Flags;
  /** The script's exported options and function names. They are evaluated once and are the same for all threads. */
  readonly options: unknown;
  readonly functions: readonly string[];
  readonly metrics: readonly MetricHead[];
  /** The files and modules that the script loaded in the main thread. */
  readonly loaded: ReadonlySet<string>;
  readonly sharedArrays: ReadonlyMap<string, readonly string[]>;
  /** The memory that contains the run's counters. */
  readonly counts: SharedArrayBuffer;
  readonly scenarioCounts: ReadonlyMap<string, SharedArrayBuffer>;
  /** Whether any output needs individual samples. */
  readonly sendsSamples: boolean;
}

export type ToThread =
  /** `elapsed` is the time in milliseconds since the test started. */
  | { readonly type: 'run'; readonly setupData: string | undefined; readonly elapsed: number }
  | { readonly type: 'abort' };

/** The data that a metric has collected since it was last sent. */
export interface SentMetric extends MetricHead {
  readonly taken: unknown;
  readonly submetrics: readonly { readonly name: string; readonly taken: unknown }[];
}

/** A sample with its metric's name. */
export type SentSample = readonly [metric: string, time: number, value: number, tags: Tags, metadata: Tags | undefined];

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly exitCode: ExitCode }
  | { readonly type: 'log'; readonly level: Level; readonly message: string; readonly details: LogDetails | undefined }
  | { readonly type: 'abort'; readonly reason: Abort }
  | { readonly type: 'metrics'; readonly metrics: readonly SentMetric[] }
  | { readonly type: 'samples'; readonly samples: readonly SentSample[] }
  | { readonly type: 'done'; readonly groups: GroupData; readonly checks: GroupData; readonly markedAsFailed: boolean };
