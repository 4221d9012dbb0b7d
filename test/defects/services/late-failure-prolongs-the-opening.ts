/** Defect: a failure that comes while the breaker is open begins the recovery timeout anew. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override isStale(began: PlainBreaker['state']) {
      return this.state !== 'open' && super.isStale(began);
    }

    protected override failed(began: PlainBreaker['state']) {
      if (this.state === 'open') this.openedAt = Date.now();
      else super.failed(began);
    }
  },
);
