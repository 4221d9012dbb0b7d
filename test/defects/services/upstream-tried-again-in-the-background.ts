/** Defect: a failed call is retried later in the background. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/retry-amplification',
  'upstream-attempts',
  'attempts at groq: plain-500, conversation-end',
);

if (import.meta.main)
  await runWithParts(({ llm }) => ({
    llm: {
      invoke: (prompt, budget) =>
        llm.invoke(prompt, budget).catch((error) => {
          setTimeout(() => llm.invoke(prompt, budget).catch(() => {}), 20);
          throw error;
        }),
    },
  }));
