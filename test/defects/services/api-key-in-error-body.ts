/** Defect: if the LLM API fails, the error response contains the API key. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }, { groq }) => ({
  breakers: {
    llm: aroundBreaker(llm, {
      call: (upstreamCall) =>
        llm.call(upstreamCall).catch((error) => {
          if (!(error instanceof UpstreamError)) throw error;
          throw new UpstreamError('llm', `the call with the key ${groq.apiKey} failed`);
        }),
    }),
    memory,
  },
}));
