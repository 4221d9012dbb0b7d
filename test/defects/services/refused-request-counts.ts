/** Defect: a 4xx from an upstream counts as a failure. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ llm }) => ({
  llm: {
    invoke: (prompt, budget) =>
      llm.invoke(prompt, budget).catch((error) => {
        if (!error.message.includes('answered 4')) throw error;
        throw new UpstreamError('llm', 'it refused the request');
      }),
  },
}));
