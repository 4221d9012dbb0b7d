/** Defect: a 4xx from an upstream resets the count of failures. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-failure-policy', 'failure-policy', 'ignored by llm: …status 400…');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      override call<T>(upstreamCall: () => Promise<T>) {
        return super.call(upstreamCall).catch((error) => {
          if (error instanceof UpstreamError && !error.countsAsFailure) this.succeeded(this.state);
          throw error;
        });
      }
    },
  );
