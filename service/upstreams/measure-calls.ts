import type { Upstream } from '../base/upstream.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { PostJson } from './json-client.ts';
import { UpstreamError } from './upstream-error.ts';

/**
 * Measures the duration and outcome of each upstream call. Calls that were rejected before sending are not measured.
 */
export function measureCalls({ upstreamDuration }: Metrics, upstream: Upstream, post: PostJson): PostJson {
  for (const outcome of ['success', 'failure', 'uncounted']) upstreamDuration.zero({ upstream, outcome });
  return async (...call) => {
    const end = upstreamDuration.startTimer({ upstream });
    try {
      const answer = await post(...call);
      end({ outcome: 'success' });
      return answer;
    } catch (error) {
      // If the bulkhead is full or the budget is exhausted, the service itself has rejected the call without sending
      // it.
      if (error instanceof UpstreamError) end({ outcome: error.countsAsFailure ? 'failure' : 'uncounted' });
      throw error;
    }
  };
}
