/** Defect: every call through a half-open breaker is a trial, as in some libraries. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override admits() {
      return this.state !== 'open';
    }
  },
);
