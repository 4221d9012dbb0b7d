/** Defect: every call through a half-open breaker is a trial, as in some libraries. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-admits-one-trial', 'admits one trial', { inTests: true });

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override admits() {
        return this.state !== 'open';
      }
    },
  );
