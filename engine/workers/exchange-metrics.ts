import type { MetricRegistry } from '../metrics/registry.ts';
import type { SentMetric } from './messages.ts';

/** Takes the collected data of all metrics. Each value is sent only once. */
export const takeMetrics = (registry: MetricRegistry): SentMetric[] =>
  [...registry]
    .filter(({ sink }) => !sink.isEmpty)
    .map(({ name, type, contains, sink, submetrics }) => ({
      name,
      type,
      contains,
      taken: sink.take(),
      submetrics: submetrics.map((submetric) => ({ name: submetric.name, taken: submetric.sink.take() })),
    }));

/** Merges a thread's metrics into the run's metrics. */
export function mergeMetrics(registry: MetricRegistry, sent: readonly SentMetric[]): void {
  for (const { name, type, contains, taken, submetrics } of sent) {
    const metric = registry.declare(name, type, contains);
    metric.sink.merge(taken);
    for (const submetric of submetrics) registry.select(submetric.name)?.sink.merge(submetric.taken);
  }
}
