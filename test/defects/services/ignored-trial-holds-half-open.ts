/** Defect: a trial that gets a 4xx never ends, so there is no other trial. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy(
  'chaos/llm-failure-policy',
  'failure-policy',
  'a trial with status 400 does not keep llm half-open',
  { says: 'llm stays half-open, as the log says. The last call that reached it met status 400' },
);

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override passedOver(_began: BreakerState) {}
    },
  );
