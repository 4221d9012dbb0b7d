/** Defect: the trial's caller is answered after a while, but the breaker goes on waiting for the trial to settle. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

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
