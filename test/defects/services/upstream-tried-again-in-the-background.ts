/** Defect: a call that failed is made again later, when nobody waits for it any more. */
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
