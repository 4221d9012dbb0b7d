/**
 * Defect: if a call that began before the breaker opened succeeds late, it closes the breaker, as in some libraries.
 */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/late-results', 'late-results-ignored', 'a late success does not close it: llm');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override isStale() {
        return false;
      }

      protected override succeeded() {
        this.failures = 0;
        if (this.state !== 'closed') this.enter('closed');
      }
    },
  );
