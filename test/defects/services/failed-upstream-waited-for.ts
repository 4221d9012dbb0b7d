/** Defect: the caller has to wait because an upstream sent Retry-After. */
import { setTimeout } from 'node:timers/promises';
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/retry-amplification',
  'faults-answered-in-time',
  'answer in time to 429-tomorrow: groq, conversation-end',
);

if (import.meta.main)
  await runWithParts(({ breakers: { llm, memory } }) => ({
    breakers: {
      llm: aroundBreaker(llm, {
        call: (upstreamCall) =>
          llm.call(upstreamCall).catch(async (error) => {
            if (error.message.includes('429')) await setTimeout(9_000);
            throw error;
          }),
      }),
      memory,
    },
  }));
