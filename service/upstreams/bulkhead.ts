import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';

/** Bounds how many calls of one upstream are under way. */
export type Bulkhead = <T>(call: () => Promise<T>) => Promise<T>;

const RETRY_AFTER_SECONDS = 1;

/**
 * Makes the bulkhead of one upstream: at most `max` calls at once, so that a slow upstream can't take all memory and sockets.
 * It has no queue: a call that waited would reach the upstream after its breaker has opened. The rest fails at once with
 * ServiceError `llm_busy` or `memory_busy`, which no breaker counts.
 */
export function createBulkhead(upstream: Upstream, max: number): Bulkhead {
  const policy = bulkhead(max, 0);
  return async (call) => {
    try {
      return await policy.execute(call);
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      const message = `${max} calls of the ${UPSTREAM_TITLE[upstream]} are under way: no more at once.`;
      throw new ServiceError(`${upstream}_busy`, message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
  };
}
