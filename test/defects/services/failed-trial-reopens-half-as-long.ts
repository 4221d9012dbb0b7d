/** Defect: a failed trial opens the breaker for half of the recovery timeout. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-reopens', 'reopens for a full timeout');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override failed(began: BreakerState) {
        super.failed(began);
        if (began === 'half_open') this.openedAt -= this.settings.recoveryTimeoutMs / 2;
      }
    },
  );
