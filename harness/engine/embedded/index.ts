/** The embedded engine, for use within the harness's own process. As a command it is `main.ts`. */
export { createSink } from './metrics/metric.ts';
export type { MetricType } from './metrics/sink.ts';
export { parseMetricSelector } from './metrics/submetric.ts';
export { loadScript } from './script/load-script.ts';
export { evaluateThreshold } from './thresholds/evaluate-threshold.ts';
export { parseThreshold } from './thresholds/parse-threshold.ts';
