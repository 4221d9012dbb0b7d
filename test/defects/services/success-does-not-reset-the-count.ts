/** Defect: a breaker counts all failures instead of consecutive ones. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-stays-closed', 'stays closed below again', {
  says: 'It counts other failures, too',
});

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override succeeded() {
        if (this.state === 'half_open') super.succeeded(this.state);
      }
    },
  );
