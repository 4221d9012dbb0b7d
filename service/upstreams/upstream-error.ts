import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';

/**
 * A call without a usable response: `llm_unavailable` or `memory_unavailable`. `countsAsFailure`: whether a breaker
 * counts it. Only 4xx responses do not count, since they are about the request; 408 counts, and 429 as
 * CIRCUIT_BREAKER_COUNT_429 says.
 */
export class UpstreamError extends ServiceError {
  override readonly name = 'UpstreamError';
  readonly countsAsFailure: boolean;

  constructor(upstream: Upstream, reason: string, options: { countsAsFailure?: boolean; cause?: unknown } = {}) {
    super(`${upstream}_unavailable`, `The ${UPSTREAM_TITLE[upstream]} returned no usable response: ${reason}.`, {
      cause: options.cause,
    });
    this.countsAsFailure = options.countsAsFailure ?? true;
  }
}
