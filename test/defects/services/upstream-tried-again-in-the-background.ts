/** Defect: a failed call is retried later in the background. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ llm }) => ({
  llm: {
    invoke: (prompt, budget) =>
      llm.invoke(prompt, budget).catch((error) => {
        setTimeout(() => llm.invoke(prompt, budget).catch(() => {}), 20);
        throw error;
      }),
  },
}));
