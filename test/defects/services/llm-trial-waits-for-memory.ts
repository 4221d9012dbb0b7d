/** Defect: while the memory API's breaker is open, the LLM gets no trial. */
import { ServiceError } from '../../../service/base/errors.ts';
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/both-outages', 'outages-apart', 'closes independently: llm');

if (import.meta.main)
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
