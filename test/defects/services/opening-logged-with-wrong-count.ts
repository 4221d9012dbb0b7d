/** Defect: the logged number of failures is one less than the number that opened the breaker. */
import type { BreakerTransition } from '../../../service/protections/circuit-breaker.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override announce(transition: BreakerTransition) {
      super.announce({ ...transition, failures: transition.failures - 1 });
    }
  },
);
