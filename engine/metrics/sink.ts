export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';

/** What a metric's values are: a plain number, milliseconds, or bytes. */
export type MetricContents = 'default' | 'time' | 'data';

/** Collects the values of one metric, or of one submetric. */
export interface Sink {
  readonly type: MetricType;
  readonly isEmpty: boolean;
  add(value: number): void;
  /**
   * One aggregation of what was collected, by its name in k6's thresholds and summaries: `count`, `rate`, `value`,
   * `avg`, `min`, `max`, `med`, `p(95)`, `passes`, `fails`.
   *
   * @param seconds How long the test has run, for rates per second.
   * @returns undefined where this type of metric has no such aggregation; 0 where there are no samples.
   */
  aggregate(name: string, seconds: number): number | undefined;
  /** Hands over what was collected, as what another thread can be sent, and starts anew. */
  take(): unknown;
  /** Adds what a sink of the same type has handed over. */
  merge(taken: unknown): void;
  /** The names that a summary shows, in order. `trendStats` are those for a Trend. */
  summaryNames(trendStats: readonly string[]): readonly string[];
}
