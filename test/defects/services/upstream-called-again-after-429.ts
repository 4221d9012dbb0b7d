/** Defect: a call is retried immediately after a 429. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/retry-amplification',
  'upstream-attempts',
  'attempts at groq: 429-at-once, conversation-end',
);

if (import.meta.main)
  await runWithParts(({ llm }) => ({
    llm: {
      invoke: (prompt, budget) =>
        llm.invoke(prompt, budget).catch((error) => {
          if (!error.message.includes('429')) throw error;
          return llm.invoke(prompt, budget);
        }),
    },
  }));
