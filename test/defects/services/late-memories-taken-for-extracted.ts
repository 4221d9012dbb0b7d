/** Defect: if one of the two calls to the memory API times out, it is considered successful. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/slow-upstream', 'slow-upstream-bounded', 'times out late answers: memory');

if (import.meta.main)
  await runWithParts(({ memory }) => ({
    memory: {
      ...memory,
      extract: (input, budget) =>
        memory.extract(input, budget).catch((error) => {
          if (!error.message.includes('no answer within')) throw error;
          return 'to-be-told';
        }),
    },
  }));
