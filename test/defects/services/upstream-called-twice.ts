/** Defect: one request calls an upstream twice. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ llm }) => ({
  llm: {
    async invoke(prompt, budget) {
      await llm.invoke(prompt, budget);
      return llm.invoke(prompt, budget);
    },
  },
}));
