import type { Metric } from './metric.ts';
import type { MetricRegistry } from './registry.ts';

/** Metrics that only strict runs have. k6 doesn't have them. */
export type StrictMetrics = ReturnType<typeof declareStrictMetrics>;

/** Declares the additional metrics of strict runs. Times are in milliseconds. */
export function declareStrictMetrics(registry: MetricRegistry) {
  const time = (name: string): Metric => registry.declare(name, 'trend', 'time');
  return {
    /** How late an arrival-rate iteration started. */
    iterationLateness: time('iteration_lateness'),
    iterationExceptions: registry.declare('iteration_exceptions', 'counter'),
    /** The time from when a request would have started, had its iteration been on time, until its response ended. */
    httpReqIntendedDuration: time('http_req_intended_duration'),
    /** The longest time in each second during which the event loop was blocked. */
    eventLoopLag: time('event_loop_lag'),
  };
}
