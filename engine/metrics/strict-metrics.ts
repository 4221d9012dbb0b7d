import type { Metric } from './metric.ts';
import type { MetricRegistry } from './registry.ts';

/** Metrics that k6 does not have. */
export type StrictMetrics = ReturnType<typeof declareStrictMetrics>;

/** Declares what a run that is judged strictly measures beside k6's own metrics. Times in milliseconds. */
export function declareStrictMetrics(registry: MetricRegistry) {
  const time = (name: string): Metric => registry.declare(name, 'trend', 'time');
  return {
    /** How much later than it was due each iteration of an arrival rate began. */
    iterationLateness: time('iteration_lateness'),
    /** Iterations that ended with an exception. */
    iterationExceptions: registry.declare('iteration_exceptions', 'counter'),
    /** From when a request would have gone out, had its iteration begun when it was due, to the end of its answer. */
    httpReqIntendedDuration: time('http_req_intended_duration'),
    /** The longest time in each second that the engine could not attend to anything. */
    eventLoopLag: time('event_loop_lag'),
  };
}
