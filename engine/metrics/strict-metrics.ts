import type { Metric } from './metric.ts';
import type { MetricRegistry } from './registry.ts';

/** Metrics that k6 does not have. */
export type StrictMetrics = ReturnType<typeof declareStrictMetrics>;

/** Declares the additional metrics of strict runs. Times are in milliseconds. */
export function declareStrictMetrics(registry: MetricRegistry) {
  const time = (name: string): Metric => registry.declare(name, 'trend', 'time');
  return {
    /** The delay between an arrival-rate iteration's due time and its start. */
    iterationLateness: time('iteration_lateness'),
    /** Iterations that ended with an exception. */
    iterationExceptions: registry.declare('iteration_exceptions', 'counter'),
    /** The time from a request's intended start, had its iteration started on time, to the end of its response. */
    httpReqIntendedDuration: time('http_req_intended_duration'),
    /** The longest time per second in which the event loop was blocked. */
    eventLoopLag: time('event_loop_lag'),
  };
}
