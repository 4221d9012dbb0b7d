/** Defect: the LLM's breaker counts a call that took longer than its timeout, although it was served after a pause. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/freeze', 'freeze-counts-nothing', 'counts nothing in a freeze: llm');

/** Between the timeout of a call and the time of a freeze. */
const TOO_LONG_MS = 2_400;

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      override async call<T>(upstreamCall: () => Promise<T>): Promise<T> {
        const began = performance.now();
        let result: { readonly value: T } | undefined;
        const timed = super.call(async () => {
          result = { value: await upstreamCall() };
          if (performance.now() - began > TOO_LONG_MS) throw new UpstreamError('llm', 'it took too long');
          return result.value;
        });
        return timed.catch((error) => {
          if (result) return result.value;
          throw error;
        });
      }
    },
  );
