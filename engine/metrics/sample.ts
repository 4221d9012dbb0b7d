import type { Metric } from './metric.ts';
import type { Tags } from './tags.ts';

/** A single value of a metric. */
export interface Sample {
  readonly metric: Metric;
  /** Milliseconds since the Unix epoch, with a fractional part. */
  readonly time: number;
  readonly value: number;
  readonly tags: Tags;
  /** Additional data that thresholds and submetrics can't filter by. */
  readonly metadata: Tags | undefined;
}
