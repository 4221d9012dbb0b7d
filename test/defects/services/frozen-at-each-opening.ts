/** Defect: each opening of the LLM's breaker keeps the event loop busy for a second. */
import type { BreakerTransition } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-isolation', 'untouched-never-wait', 'never frozen in an outage');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override enter(to: BreakerTransition['to']) {
        super.enter(to);
        const ends = performance.now() + 1_000;
        while (to === 'open' && performance.now() < ends);
      }
    },
  );
