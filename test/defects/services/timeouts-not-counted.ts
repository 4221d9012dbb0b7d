/** Defect: the breaker does not count timeouts. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/slow-upstream', 'slow-upstream-bounded', 'counts timeouts as failures: memory');

if (import.meta.main)
  await runWithParts(({ memory }) => ({
    memory: {
      ...memory,
      search: (...args) =>
        memory.search(...args).catch((error) => {
          if (!error.message.includes('no answer within')) throw error;
          throw new UpstreamError('memory', 'it was given up', { countsAsFailure: false });
        }),
    },
  }));
