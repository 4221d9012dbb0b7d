import { CounterSink } from './counter-sink.ts';
import { GaugeSink } from './gauge-sink.ts';
import { RateSink } from './rate-sink.ts';
import type { MetricContents, MetricType, Sink } from './sink.ts';
import type { Tags } from './tags.ts';
import { TrendSink } from './trend-sink.ts';

/** A metric, its collected values, and the submetrics that thresholds refer to. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: MetricContents;
  readonly sink: Sink;
  readonly submetrics: Submetric[];
}

/** The metric's samples that have certain tags. `name` has the same form as in a threshold: `http_reqs{status:200}`. */
export interface Submetric {
  readonly name: string;
  readonly metric: Metric;
  readonly tags: Tags;
  readonly sink: Sink;
}

const SINKS: Record<MetricType, new () => Sink> = {
  counter: CounterSink,
  gauge: GaugeSink,
  rate: RateSink,
  trend: TrendSink,
};

export const createSink = (type: MetricType): Sink => new SINKS[type]();
