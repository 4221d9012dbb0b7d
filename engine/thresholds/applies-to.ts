import { EngineError } from '../base/errors.ts';
import type { MetricType } from '../metrics/sink.ts';
import type { Threshold } from './parse-threshold.ts';

/** The aggregations that k6 allows for each metric type. */
const AGGREGATIONS: Record<MetricType, readonly string[]> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'min', 'max', 'med', 'p'],
};

/**
 * Rejects a threshold whose aggregation is not supported by the metric's type.
 *
 * @param metric The metric's name, for the error message.
 * @throws EngineError INVALID_THRESHOLD
 */
export function assertApplies(threshold: Threshold, metric: string, type: MetricType): void {
  const aggregation = threshold.aggregation.startsWith('p(') ? 'p' : threshold.aggregation;
  const supported = AGGREGATIONS[type];
  if (supported.includes(aggregation)) return;
  throw new EngineError(
    'INVALID_THRESHOLD',
    `invalid threshold ${JSON.stringify(threshold.expression)} applied on metric ${metric}; reason: unsupported aggregation method ${aggregation} on metric of type ${type}. supported aggregation methods for this metric are: ${supported.join(', ')}`,
  );
}
