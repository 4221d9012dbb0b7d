/** Defect: a breaker keeps rejecting calls for a while after a successful trial. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-closes', 'closes after a good trial');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override succeeded(began: BreakerState) {
        if (began === 'half_open') setTimeout(() => super.succeeded(began), 500);
        else super.succeeded(began);
      }
    },
  );
