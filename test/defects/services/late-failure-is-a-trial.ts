/** Defect: if a call that began before the breaker opened fails late, it ends the half-open state. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy(
  'chaos/late-results',
  'late-results-ignored',
  'a late failure does not count as a trial: llm',
);

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override isStale(began: PlainBreaker['state']) {
        return this.state !== 'half_open' && super.isStale(began);
      }
    },
  );
