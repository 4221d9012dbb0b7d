/** Defect: a database connection is held while the LLM is awaited. */
import { runWithParts } from './run-with.ts';

await runWithParts(({ llm, database }) => ({
  llm: {
    invoke: async (prompt) => {
      const answer = llm.invoke(prompt);
      await database.query('SELECT pg_sleep(0.9)', []);
      return answer;
    },
  },
}));
