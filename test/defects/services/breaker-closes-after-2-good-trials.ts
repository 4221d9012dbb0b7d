/** Defect: one good trial does not close the breaker. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    #good = 0;

    protected override succeeded(began: BreakerState) {
      if (began === 'half_open') this.#good += 1;
      if (began === 'half_open' && this.#good % 2 === 1) this.trialUnderWay = false;
      else super.succeeded(began);
    }
  },
);
