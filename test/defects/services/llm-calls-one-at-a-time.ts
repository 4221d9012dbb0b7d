/** Defect: a lock lets only one call to the LLM at a time through, and no timeout covers the wait for it. */
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/slow-upstream', 'slow-upstream-bounded', 'times out late answers: llm', {
  says: 'A lock, a queue, or a client with too few connections is the reason.',
});

class LockedBreaker extends PlainBreaker {
  #last: Promise<unknown> = Promise.resolve();

  override call<Result>(upstreamCall: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => super.call(upstreamCall));
    this.#last = result.catch(() => {});
    return result;
  }
}

if (import.meta.main) await runWithLlmBreaker(LockedBreaker);
