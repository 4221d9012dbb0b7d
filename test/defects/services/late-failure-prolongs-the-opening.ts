/** Defect: a failure while the breaker is open restarts the recovery timeout. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy(
  'chaos/late-results',
  'late-results-ignored',
  'a late failure does not extend the open period: llm',
);

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override isStale(began: PlainBreaker['state']) {
        return this.state !== 'open' && super.isStale(began);
      }

      protected override failed(began: PlainBreaker['state']) {
        if (this.state === 'open') this.openedAt = Date.now();
        else super.failed(began);
      }
    },
  );
