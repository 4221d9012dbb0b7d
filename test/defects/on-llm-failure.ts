import type { Configuration } from '../../service/config/load-configuration.ts';
import { UpstreamError } from '../../service/upstreams/upstream-error.ts';
import { aroundBreaker } from './around-breaker.ts';
import { runWithParts } from './run-with.ts';

/** Runs the service with another outcome for calls to the LLM that fail: what `instead` returns or throws. */
export const runWithLlmFailure = (instead: (error: UpstreamError, configuration: Configuration) => never) =>
  runWithParts(({ breakers: { llm, memory } }, configuration) => ({
    breakers: {
      llm: aroundBreaker(llm, {
        call: (upstreamCall) =>
          llm.call(upstreamCall).catch((error) => {
            if (!(error instanceof UpstreamError)) throw error;
            return instead(error, configuration);
          }),
      }),
      memory,
    },
  }));
