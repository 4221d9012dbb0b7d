/** Defect: while the memory API is considered down, the LLM is not tried either. */
import { ServiceError } from '../../../service/base/errors.ts';
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    llm: aroundBreaker(llm, {
      async call(upstreamCall) {
        if (llm.state === 'half_open' && memory.state !== 'closed') {
          throw new ServiceError('llm_circuit_open', 'All have to be up.', { retryAfterSeconds: 1 });
        }
        return llm.call(upstreamCall);
      },
    }),
    memory,
  },
}));
