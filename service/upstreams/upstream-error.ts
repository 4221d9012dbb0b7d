import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';

/**
 * A call that an upstream did not answer usably: `llm_unavailable` or `memory_unavailable`.
 * `countsAsFailure` says whether a breaker counts it: everything, except a 4xx answer other than 408 and (by CIRCUIT_BREAKER_COUNT_429) 429, which
 * speaks of the request and not of the upstream's health.
 */
export class UpstreamError extends ServiceError {
  override readonly name = 'UpstreamError';
  readonly countsAsFailure: boolean;

  constructor(upstream: Upstream, reason: string, options: { countsAsFailure?: boolean; cause?: unknown } = {}) {
    super(`${upstream}_unavailable`, `The ${UPSTREAM_TITLE[upstream]} gave no usable answer: ${reason}.`, {
      cause: options.cause,
    });
    this.countsAsFailure = options.countsAsFailure ?? true;
  }
}
