/** Defect: after a failed trial, the next call is another trial, without a recovery timeout in between. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-reopens', 'reopens for a full timeout');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override failed(began: BreakerState) {
        if (began === 'half_open') this.trialUnderWay = false;
        else super.failed(began);
      }
    },
  );
