/** Defect: a 4xx from an upstream counts as a failure. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-failure-policy', 'failure-policy', 'ignored by llm: …status 400…');

if (import.meta.main)
  await runWithParts(({ llm }) => ({
    llm: {
      invoke: (prompt, budget) =>
        llm.invoke(prompt, budget).catch((error) => {
          if (!error.message.includes('answered 4')) throw error;
          throw new UpstreamError('llm', 'it refused the request');
        }),
    },
  }));
