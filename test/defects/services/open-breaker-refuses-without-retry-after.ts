/** Defect: an open breaker's refusal does not say when to come back. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';
import { changeError } from '../run-with.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    override call<T>(upstreamCall: () => Promise<T>): Promise<T> {
      return super.call(upstreamCall).catch((error) => {
        throw changeError(error, 'llm_circuit_open', undefined);
      });
    }
  },
);
