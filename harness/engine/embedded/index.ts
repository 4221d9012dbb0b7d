/** The embedded engine, for use within the harness's own process. As a command it is `main.ts`. */
export { parsePair } from './cli/parse-pair.ts';
export { createSink } from './metrics/metric.ts';
export type { MetricType } from './metrics/sink.ts';
export { parseMetricSelector } from './metrics/submetric.ts';
export { NO_FLAGS } from './options/flags.ts';
export { silentLogger } from './output/logger.ts';
export { type ReadTest, readTest } from './run/read-test.ts';
export { loadScript } from './script/load-script.ts';
export { evaluateThreshold } from './thresholds/evaluate-threshold.ts';
export { parseThreshold } from './thresholds/parse-threshold.ts';
