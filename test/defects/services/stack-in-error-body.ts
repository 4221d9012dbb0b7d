/** Defect: if the LLM API fails, the error response contains the stack trace. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

await runWithLlmFailure((error) => {
  throw new UpstreamError('llm', String(new Error(error.message).stack));
});
