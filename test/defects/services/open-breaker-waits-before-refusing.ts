/** Defect: an open breaker waits before it rejects a call. */
import { setTimeout } from 'node:timers/promises';
import { caughtBy } from '../defect.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-refuses-at-once', 'refuses at once');

if (import.meta.main)
  await runWithLlmBreaker(
    class extends PlainBreaker {
      override async call<T>(upstreamCall: () => Promise<T>): Promise<T> {
        if (this.state === 'open') await setTimeout(300);
        return super.call(upstreamCall);
      }

      override refusal(): undefined {}
    },
  );
