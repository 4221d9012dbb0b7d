/** Defect: a breaker that was opened by a 429 stays open for as long as the 429's Retry-After says. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/count-429', 'recovers', 'steady state after');

/** A day in milliseconds, which is what a hostile upstream asks for. */
const A_DAY_MS = 86_400_000;

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      protected override failed(began: BreakerState, error?: unknown) {
        super.failed(began, error);
        if (this.state === 'open' && String(error).includes('answered 429')) this.openedAt += A_DAY_MS;
      }
    },
  );
