/** Defect: if the LLM API fails, the error response contains the API key. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

await runWithLlmFailure((_, { groq }) => {
  throw new UpstreamError('llm', `the call with the key ${groq.apiKey} failed`);
});
