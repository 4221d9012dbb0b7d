/** Defect: half-open has no gate, as in some libraries, so that every caller is a trial. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override admits() {
      return this.state !== 'open';
    }
  },
);
