/** Defect: the count of consecutive failures is reset after a pause that is as long as the recovery timeout. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-opens', 'opens at the threshold');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      #lastFailureAt = 0;

      protected override failed(began: BreakerState) {
        if (began === 'closed' && Date.now() - this.#lastFailureAt > this.settings.recoveryTimeoutMs) this.failures = 0;
        this.#lastFailureAt = Date.now();
        super.failed(began);
      }
    },
  );
