import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';

/** Limits how many calls to one upstream run concurrently. */
export type Bulkhead = <T>(call: () => Promise<T>) => Promise<T>;

const RETRY_AFTER_SECONDS = 1;

/**
 * Creates an upstream's bulkhead, which allows up to `max` concurrent calls, so that a slow upstream can't use up all
 * memory and sockets. It has no queue, because a queued call could reach the upstream after its breaker opened. Further
 * calls fail with ServiceError `llm_busy` or `memory_busy`, which breakers don't count.
 */
export function createBulkhead(upstream: Upstream, max: number): Bulkhead {
  const policy = bulkhead(max, 0);
  return async (call) => {
    try {
      return await policy.execute(call);
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      const message = `The limit of ${max} concurrent calls to the ${UPSTREAM_TITLE[upstream]} is reached.`;
      throw new ServiceError(`${upstream}_busy`, message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
  };
}
