import type { Metric } from './metric.ts';
import type { Tags } from './tags.ts';

/** One value of one metric. */
export interface Sample {
  readonly metric: Metric;
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly time: number;
  readonly value: number;
  readonly tags: Tags;
  /** Said beside the tags, where there is any: it selects nothing. */
  readonly metadata: Tags | undefined;
}
