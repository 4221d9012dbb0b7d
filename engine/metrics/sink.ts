export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';

/** The unit of a metric's values: a plain number, milliseconds, or bytes. */
export type MetricContents = 'default' | 'time' | 'data';

/** Aggregates the values of one metric or submetric. */
export interface Sink {
  readonly type: MetricType;
  readonly isEmpty: boolean;
  add(value: number): void;
  /**
   * Returns one aggregation, by its name in k6's thresholds and summaries: `count`, `rate`, `value`, `avg`, `min`,
   * `max`, `med`, `p(95)`, `passes`, `fails`.
   *
   * @param seconds The duration of the test, for rates per second.
   * @returns undefined if this type of metric lacks the aggregation; 0 if there are no samples.
   */
  aggregate(name: string, seconds: number): number | undefined;
  /** Returns the collected data in a form that can be sent to another thread, and starts over. */
  take(): unknown;
  /** Adds data taken from a sink of the same type. */
  merge(taken: unknown): void;
  /** The aggregations that a summary shows, in order. `trendStats` are those of a Trend. */
  summaryNames(trendStats: readonly string[]): readonly string[];
}
