/** Defect: a failed call is retried later, when its caller has gone. */
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
