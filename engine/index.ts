/** The embedded engine's API for use inside the harness process. The command line is in `main.ts`. */

export { silentLogger } from './base/logger.ts';
export { flagsFor } from './cli/command.ts';
export { versionLine } from './cli/version.ts';
export { createSink } from './metrics/metric.ts';
export { type MetricType, summaryNames } from './metrics/sink.ts';
export { parseMetricSelector } from './metrics/submetric.ts';
export { loadScript } from './read/load-script.ts';
export { type ReadTest, readTest } from './read/read-test.ts';
export { parseThreshold } from './thresholds/parse-threshold.ts';
export { evaluateThreshold } from './thresholds/threshold-set.ts';
