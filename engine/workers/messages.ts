import type { ExitCode } from '../base/exit-codes.ts';
import type { Level, LogDetails } from '../base/logger.ts';
import type { MetricContents, MetricType } from '../metrics/sink.ts';
import type { Tags } from '../metrics/tags.ts';
import type { Flags } from '../options/flags.ts';
import type { GroupData } from '../vu/group.ts';
import type { Abort } from '../vu/test-state.ts';

/** A metric without what it has collected. */
interface MetricHead {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: MetricContents;
}

/** What a thread is to run, given to it when it begins. */
export interface Assignment {
  /** Which part of the instance's VUs and iterations, and of how many. */
  readonly index: number;
  readonly parts: number;
  readonly flags: Flags;
  /** What the script exports as options, and the names of its functions: evaluated once, and the same for all. */
  readonly options: unknown;
  readonly functions: readonly string[];
  readonly metrics: readonly MetricHead[];
  readonly sharedArrays: ReadonlyMap<string, readonly string[]>;
  /** The memory of the run's counts. */
  readonly counts: SharedArrayBuffer;
  /** Whether there are outputs that take each sample. */
  readonly sendsSamples: boolean;
}

export type ToThread =
  /** `elapsed`: since the test began, in milliseconds. */
  | { readonly type: 'run'; readonly setupData: string | undefined; readonly elapsed: number }
  | { readonly type: 'abort' };

/** What a metric has collected in a thread since it was last sent. */
export interface SentMetric extends MetricHead {
  readonly taken: unknown;
  readonly submetrics: readonly { readonly name: string; readonly taken: unknown }[];
}

/** One sample; its metric's name in place of the metric. */
export type SentSample = readonly [metric: string, time: number, value: number, tags: Tags, metadata: Tags | undefined];

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly exitCode: ExitCode }
  | { readonly type: 'log'; readonly level: Level; readonly message: string; readonly details: LogDetails | undefined }
  | { readonly type: 'abort'; readonly reason: Abort }
  | { readonly type: 'metrics'; readonly metrics: readonly SentMetric[] }
  | { readonly type: 'samples'; readonly samples: readonly SentSample[] }
  | { readonly type: 'done'; readonly checks: GroupData; readonly markedAsFailed: boolean };
