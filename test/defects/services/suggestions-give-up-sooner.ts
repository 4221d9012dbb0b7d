/** Defect: without settings, one endpoint gives up its calls to the LLM sooner than specified. */
import { setTimeout as pause } from 'node:timers/promises';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/specified-numbers',
  'specified-timeouts',
  'gives up as specified: groq, activities-suggest',
);

const SOON_MS = 4_000;

async function givenUp(): Promise<never> {
  await pause(SOON_MS);
  throw new UpstreamError('llm', 'no answer in time');
}

if (import.meta.main)
  await runWithParts(({ llm }) => ({
    llm: {
      invoke: (prompt, budget) => {
        const answer = llm.invoke(prompt, budget);
        return prompt[0]?.content.startsWith('Suggest') ? Promise.race([answer, givenUp()]) : answer;
      },
    },
  }));
