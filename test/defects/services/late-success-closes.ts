/**
 * Defect: if a call that began before the breaker opened succeeds late, it closes the breaker, as in some libraries.
 */
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
