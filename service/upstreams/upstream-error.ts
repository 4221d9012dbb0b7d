import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';

/**
 * Thrown if a call gets no usable response. The code is `llm_unavailable` or `memory_unavailable`. `countsAsFailure`
 * determines whether a breaker counts it. Only 4xx responses do not count, because they concern the request. The
 * exceptions are 408, which counts, and 429, which counts if CIRCUIT_BREAKER_COUNT_429 is set.
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
