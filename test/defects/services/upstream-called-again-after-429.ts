/** Defect: a call is retried immediately after a 429. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ llm }) => ({
  llm: {
    invoke: (prompt, budget) =>
      llm.invoke(prompt, budget).catch((error) => {
        if (!error.message.includes('429')) throw error;
        return llm.invoke(prompt, budget);
      }),
  },
}));
