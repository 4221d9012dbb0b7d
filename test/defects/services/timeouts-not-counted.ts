/** Defect: a call that is given up is told to its caller, and to nobody else: the breaker does not count it. */
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
