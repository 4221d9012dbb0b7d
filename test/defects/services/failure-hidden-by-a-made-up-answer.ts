/** Defect: if the LLM fails, the breaker counts it, but the caller gets an invented answer. */
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
