import { CounterSink } from './counter-sink.ts';
import { GaugeSink } from './gauge-sink.ts';
import { RateSink } from './rate-sink.ts';
import type { MetricContents, MetricType, Sink } from './sink.ts';
import type { Submetric } from './submetric.ts';
import { TrendSink } from './trend-sink.ts';

/** A metric, what it has collected, and the parts of it that thresholds ask about. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: MetricContents;
  readonly sink: Sink;
  readonly submetrics: Submetric[];
}

const SINKS: Record<MetricType, new () => Sink> = {
  counter: CounterSink,
  gauge: GaugeSink,
  rate: RateSink,
  trend: TrendSink,
};

/** An empty sink for metrics of a type. */
export const createSink = (type: MetricType): Sink => new SINKS[type]();
