/** Defect: an open breaker's Retry-After is longer than the breaker stays open. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';
import { changeError } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-says-when', 'refusals have a correct Retry-After');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override refuse() {
        return changeError(super.refuse(), 'llm_circuit_open', this.settings.recoveryTimeoutMs / 1_000 + 1);
      }
    },
  );
