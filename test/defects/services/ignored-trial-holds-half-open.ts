/** Defect: a trial that gets a 4xx never ends, so there is no other trial. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-failure-policy', 'recovers', 'steady state after');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override passedOver(_began: BreakerState) {}
    },
  );
