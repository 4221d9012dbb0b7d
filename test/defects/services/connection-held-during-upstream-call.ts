/** Defect: a database connection is held during a call to the LLM. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ llm, database }) => ({
  llm: {
    invoke: async (prompt, budget) => {
      const answer = llm.invoke(prompt, budget);
      await database.query('SELECT pg_sleep(0.9)', []);
      return answer;
    },
  },
}));
