/** Defect: a trial that times out is ignored, and the next call is immediately another trial. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/slow-upstream', 'hung-trial-given-up', 'reopens after a hung trial: llm', {
  says: 'its timeout is not counted as a failed trial',
});

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      override call<T>(upstreamCall: () => Promise<T>) {
        return super.call(() =>
          upstreamCall().catch((error) => {
            if (this.state !== 'half_open' || !error.message.includes('no answer within')) throw error;
            this.trialUnderWay = false;
            throw new Error('the trial was given up', { cause: error });
          }),
        );
      }
    },
  );
