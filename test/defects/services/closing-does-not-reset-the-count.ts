/** Defect: a successful trial closes the breaker without resetting its count of failures. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-counts-anew', 'stays closed below after recovery');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override succeeded(began: BreakerState) {
        const { failures } = this;
        super.succeeded(began);
        if (began === 'half_open') this.failures = failures;
      }
    },
  );
