/** Defect: a trial that times out keeps the breaker half-open until its call settles. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/slow-upstream', 'hung-trial-given-up', 'reopens after a hung trial: llm');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      override call<T>(upstreamCall: () => Promise<T>): Promise<T> {
        if (this.state === 'closed') return super.call(upstreamCall);
        return new Promise((resolve, reject) => {
          const settled = super.call(() =>
            upstreamCall().catch((error) => {
              if (!error.message.includes('no answer within')) throw error;
              reject(error);
              return new Promise<T>(() => {});
            }),
          );
          settled.then(resolve, reject);
        });
      }
    },
  );
