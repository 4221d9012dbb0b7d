/** Defect: a failure while the breaker is open restarts the recovery timeout. */
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
