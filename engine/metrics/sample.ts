import type { Metric } from './metric.ts';
import type { Tags } from './tags.ts';

/** One value of one metric. */
export interface Sample {
  readonly metric: Metric;
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly time: number;
  readonly value: number;
  readonly tags: Tags;
  /** Extra data that thresholds and submetrics can't select by. */
  readonly metadata: Tags | undefined;
}
