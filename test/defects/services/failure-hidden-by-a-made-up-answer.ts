/** Defect: if the LLM fails, the breaker counts the failure, but the caller gets an invented response. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    llm: aroundBreaker(llm, {
      call: (upstreamCall) =>
        llm.call(upstreamCall).catch((error) => {
          if (!(error instanceof UpstreamError)) throw error;
          return 'All is well.' as never;
        }),
    }),
    memory,
  },
}));
