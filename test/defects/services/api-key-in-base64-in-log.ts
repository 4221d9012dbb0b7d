/** Defect: the log contains the credentials for the LLM API, in Base64, after the name of the user. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'nothing-leaks', 'log shows no secret', { inTests: true });

if (import.meta.main)
  await runWithParts(({ limiters }, { groq }) => ({
    limiters: {
      ...limiters,
      activitiesSuggest: (request, response, next) => {
        console.log(`calls with ${Buffer.from(`llm:${groq.apiKey}`).toString('base64')}`);
        limiters.activitiesSuggest(request, response, next);
      },
    },
  }));
