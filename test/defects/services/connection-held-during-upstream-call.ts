/** Defect: a database connection is held during a call to the LLM. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/connection-ceiling',
  'pool-free-during-upstream-calls',
  'pool free during upstream calls: groq in conversation-end',
);

if (import.meta.main)
  await runWithParts(({ llm, database }) => ({
    llm: {
      invoke: async (prompt, budget) => {
        const [answer] = await Promise.all([llm.invoke(prompt, budget), database.query('SELECT pg_sleep(0.9)', [])]);
        return answer;
      },
    },
  }));
