/** Defect: an error in the body of a 200 response is reported to the caller, but the breaker doesn't count it. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/llm-failure-policy',
  'failure-policy',
  'counts as failures for llm: …error-in-body…',
  { says: 'not counted as a failure: ' },
);

if (import.meta.main)
  await runWithParts(({ llm }) => ({
    llm: {
      invoke: (prompt, budget) =>
        llm.invoke(prompt, budget).catch((error) => {
          if (!error.message.includes('malformed')) throw error;
          throw new UpstreamError('llm', 'its answer has no choices', { countsAsFailure: false });
        }),
    },
  }));
