/** Defect: any success closes a breaker, as in some libraries: also that of a call from before it opened. */
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
