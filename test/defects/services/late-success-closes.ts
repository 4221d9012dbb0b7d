/** Defect: a late success of a call that began before the breaker opened closes the breaker, as in some libraries. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override isStale() {
      return false;
    }

    protected override succeeded() {
      this.failures = 0;
      if (this.state !== 'closed') this.enter('closed');
    }
  },
);
