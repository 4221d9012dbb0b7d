/** Defect: a trial whose answer blames the request never ends, and no other is made. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override passedOver(_began: BreakerState) {}
  },
);
