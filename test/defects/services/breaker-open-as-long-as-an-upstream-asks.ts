/** Defect: a breaker that was opened by a 429 stays open for as long as an upstream may ask in Retry-After. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

/** Milliseconds of the day that a hostile upstream asks for. */
const A_DAY_MS = 86_400_000;

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override failed(began: BreakerState, error?: unknown) {
      super.failed(began, error);
      if (this.state === 'open' && String(error).includes('answered 429')) this.openedAt += A_DAY_MS;
    }
  },
);
