export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';

/** The unit of a metric's values: none, milliseconds, or bytes. */
export type MetricContents = 'default' | 'time' | 'data';

/** Aggregates the values of one metric or submetric. */
export interface Sink {
  readonly type: MetricType;
  readonly isEmpty: boolean;
  add(value: number): void;
  /**
   * Returns one aggregation by its name in k6's thresholds and summaries: `count`, `rate`, `value`, `avg`, `min`,
   * `max`, `med`, `p(95)`, `passes`, `fails`.
   *
   * @param seconds The duration of the test, for rates per second.
   * @returns undefined if the metric type doesn't have this aggregation, or 0 if there are no samples.
   */
  aggregate(name: string, seconds: number): number | undefined;
  /** Returns the collected data in a form that can be sent to another thread, and resets the sink. */
  take(): unknown;
  /** Adds data taken from a sink of the same type. */
  merge(taken: unknown): void;
}

const SHOWN = {
  counter: ['count', 'rate'],
  gauge: ['value', 'min', 'max'],
  rate: ['rate', 'passes', 'fails'],
} as const;

/** Returns the aggregations that a summary shows, in order. `trendStats` are the ones for a Trend. */
export const summaryNames = (type: MetricType, trendStats: readonly string[]): readonly string[] =>
  type === 'trend' ? trendStats : SHOWN[type];
