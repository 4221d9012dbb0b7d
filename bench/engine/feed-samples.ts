import { declareBuiltinMetrics } from '../../engine/metrics/builtin-metrics.ts';
import { Collector } from '../../engine/metrics/collector.ts';
import { MetricRegistry } from '../../engine/metrics/registry.ts';

/**
 * Feeds samples to the HTTP metrics and prints the process's peak memory in bytes. The only argument is the number of
 * samples.
 */
const samples = Number(process.argv[2]);
const registry = new MetricRegistry();
const metrics = declareBuiltinMetrics(registry);
const collector = new Collector();
const trends = [metrics.httpReqDuration, metrics.httpReqWaiting, metrics.httpReqReceiving, metrics.httpReqBlocked];
const tags = { expected_response: 'true', status: '200' };
for (let fed = 0; fed < samples; fed += trends.length + 1) {
  // All values are distinct and range from microseconds to seconds.
  for (const [index, trend] of trends.entries())
    collector.add(trend, 10 ** (((fed * 7 + index) % 60_013) / 10_000 - 3), tags);
  collector.add(metrics.httpReqs, 1, tags);
}
for (const trend of trends) trend.sink.aggregate('p(95)', 1);
process.stdout.write(String(process.resourceUsage().maxRSS * 1_024));
