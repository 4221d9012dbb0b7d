/** Defect: the logged number of failures is one less than the number that opened the breaker. */
import type { BreakerTransition } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'transitions-logged', 'transitions logged');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override announce(transition: BreakerTransition) {
        super.announce({ ...transition, failures: transition.failures - 1 });
      }
    },
  );
