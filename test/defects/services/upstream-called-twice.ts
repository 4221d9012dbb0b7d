/** Defect: one request calls an upstream twice. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'endpoints-reach-upstreams', 'upstreams of conversation-end');

if (import.meta.main)
  await runWithParts(({ llm }) => ({
    llm: {
      async invoke(prompt, budget) {
        await llm.invoke(prompt, budget);
        return llm.invoke(prompt, budget);
      },
    },
  }));
