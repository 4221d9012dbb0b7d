/** Defect: a failed trial with a client error, such as 408, closes the breaker. */

import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-failure-policy', 'failure-policy', 'a trial with status 408 reopens llm', {
  says: 'status 408 as the result of a trial closes the breaker',
});

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override failed(began: BreakerState, error?: unknown) {
        const isClientError = error instanceof UpstreamError && error.message.includes('408');
        if (began === 'half_open' && isClientError) this.succeeded(began);
        else super.failed(began, error);
      }
    },
  );
