/** Defect: the closing of a breaker is not logged. */
import type { BreakerTransition } from '../../../service/protections/circuit-breaker.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override announce(transition: BreakerTransition) {
      if (transition.to !== 'closed') super.announce(transition);
    }
  },
);
