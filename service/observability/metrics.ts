import { Counter, Histogram, Registry } from 'prom-client';
import { ERRORS } from '../base/errors.ts';
import { UPSTREAMS } from '../base/upstream.ts';

/** The service's metrics, and the registry for `GET /metrics`. */
export interface Metrics {
  readonly registry: Registry;
  readonly httpRequests: Counter<'route' | 'status'>;
  readonly httpDuration: Histogram<'route'>;
  readonly refusals: Counter<'reason'>;
  readonly breakerOpenings: Counter<'breaker'>;
  readonly rateLimitStoreFailures: Counter;
  readonly rateLimitOverflows: Counter;
  readonly upstreamDuration: Histogram<'upstream' | 'outcome'>;
  readonly poolRefusals: Counter;
}

/** Bucket limits in seconds, from the time to reject a request to more than the default upstream timeout. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** Creates the metrics. Counters with known labels start at 0. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const httpRequests = new Counter({
    name: 'http_requests_total',
    help: 'Responses by route and status; "aborted" if the client disconnected early',
    labelNames: ['route', 'status'],
    registers,
  });
  const httpDuration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of the response, by route',
    labelNames: ['route'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const refusals = new Counter({
    name: 'refusals_total',
    help: 'Requests refused by a protection, by reason',
    labelNames: ['reason'],
    registers,
  });
  const breakerOpenings = new Counter({
    name: 'circuit_breaker_openings_total',
    help: 'Number of times that each breaker opened, including after a failed trial',
    labelNames: ['breaker'],
    registers,
  });
  const rateLimitStoreFailures = new Counter({
    name: 'rate_limit_store_failures_total',
    help: 'Operations of the rate limit store that failed or timed out',
    registers,
  });
  const rateLimitOverflows = new Counter({
    name: 'rate_limit_overflows_total',
    help: 'Hits counted for a whole network, because there was no room for another client',
    registers,
  });
  const upstreamDuration = new Histogram({
    name: 'upstream_call_duration_seconds',
    help: 'Calls to an upstream, by outcome: success, failure, or uncounted (4xx, which does not indicate its health)',
    labelNames: ['upstream', 'outcome'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const poolRefusals = new Counter({
    name: 'database_pool_refusals_total',
    help: 'Queries refused because no pooled connection became available in time or the queue was full',
    registers,
  });
  for (const { refusal } of Object.values(ERRORS)) if (refusal) refusals.inc({ reason: refusal }, 0);
  for (const breaker of UPSTREAMS) breakerOpenings.inc({ breaker }, 0);
  return {
    registry,
    httpRequests,
    httpDuration,
    refusals,
    breakerOpenings,
    rateLimitStoreFailures,
    rateLimitOverflows,
    upstreamDuration,
    poolRefusals,
  };
}

export function countLostLines({ registry }: Metrics, log: { readonly lost: number }): void {
  let counted = 0;
  new Counter({
    name: 'log_lines_lost_total',
    help: 'Log lines lost because standard output was full, closed or blocked',
    registers: [registry],
    collect() {
      this.inc(log.lost - counted);
      counted = log.lost;
    },
  });
}
