/** Defect: if the LLM API fails, the error response contains the API key. */
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

export const caught = caughtBy('chaos/llm-outage', 'nothing-leaks', 'responses show no secret');

if (import.meta.main)
  await runWithLlmFailure((_, { groq }) => {
    throw new UpstreamError('llm', `the call with the key ${groq.apiKey} failed`);
  });
