/** Defect: the half-open state is logged as soon as the breaker opens. */
import type { BreakerTransition } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'transitions-logged', 'transitions logged');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override announce(transition: BreakerTransition) {
        if (transition.to === 'half_open') return;
        super.announce(transition);
        if (transition.to === 'open') super.announce({ ...transition, to: 'half_open' });
      }
    },
  );
