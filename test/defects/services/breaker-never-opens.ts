/** Defect: the LLM's breaker counts no failures. */

import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-opens', 'opens at the threshold', {
  says: 'It never opens: after 15 failures in a row',
});

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override failed() {}
    },
  );
