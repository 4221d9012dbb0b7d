/** Defect: if the LLM API fails, the error response contains the stack trace. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

export const caught = caughtBy('chaos/llm-outage', 'nothing-leaks', 'responses show nothing internal');

if (import.meta.main)
  await runWithLlmFailure((error) => {
    throw new UpstreamError('llm', String(new Error(error.message).stack));
  });
