/** Defect: the breaker does not count timeouts. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ memory }) => ({
  memory: {
    ...memory,
    search: (...asked) =>
      memory.search(...asked).catch((error) => {
        if (!error.message.includes('no answer within')) throw error;
        throw new UpstreamError('memory', 'it was given up', { countsAsFailure: false });
      }),
  },
}));
