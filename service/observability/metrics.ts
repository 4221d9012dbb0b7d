import { Counter, Histogram, Registry } from 'prom-client';
import { ERRORS } from '../base/errors.ts';
import { UPSTREAMS } from '../base/upstream.ts';

/** What the service counts, and the registry that `GET /metrics` shows. */
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

/** Seconds; from what a refusal takes to beyond the default upstream timeout. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** Makes the counters in a registry of their own. Those whose labels are known beforehand start at 0. */
export function createMetrics(registry = new Registry()): Metrics {
  const registers = [registry];
  const httpRequests = new Counter({
    name: 'http_requests_total',
    help: 'Responses by route and status; "aborted" where the client left before the end',
    labelNames: ['route', 'status'],
    registers,
  });
  const httpDuration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its response, by route',
    labelNames: ['route'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const refusals = new Counter({
    name: 'refusals_total',
    help: 'Requests that a protection refused, by reason',
    labelNames: ['reason'],
    registers,
  });
  const breakerOpenings = new Counter({
    name: 'circuit_breaker_openings_total',
    help: 'How many times each circuit opened, after a failed trial too',
    labelNames: ['breaker'],
    registers,
  });
  const rateLimitStoreFailures = new Counter({
    name: 'rate_limit_store_failures_total',
    help: 'Questions that the store of the rate limits failed to answer in time',
    registers,
  });
  const rateLimitOverflows = new Counter({
    name: 'rate_limit_overflows_total',
    help: 'Hits that were counted for a whole network, since there was no room for another client',
    registers,
  });
  const upstreamDuration = new Histogram({
    name: 'upstream_call_duration_seconds',
    help: 'Calls that reached for an upstream, by outcome: success, failure, uncounted (4xx: says nothing of its health)',
    labelNames: ['upstream', 'outcome'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const poolRefusals = new Counter({
    name: 'database_pool_refusals_total',
    help: 'Queries for which no pooled connection came free in time, or whose queue was full',
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

/** Adds the count of the log's lost lines. */
export function countLostLines({ registry }: Metrics, log: { readonly lost: number }): void {
  let counted = 0;
  new Counter({
    name: 'log_lines_lost_total',
    help: 'Lines that could not be logged: standard output was full, closed or not read',
    registers: [registry],
    collect() {
      this.inc(log.lost - counted);
      counted = log.lost;
    },
  });
}
