/** Defect: if the LLM API fails, the error response contains a dump of the API key in hexadecimal digits. */

import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

export const caught = caughtBy('chaos/llm-outage', 'nothing-leaks', 'responses show no secret');

if (import.meta.main)
  await runWithLlmFailure((_, { groq }) => {
    const dump = Buffer.from(`Bearer ${groq.apiKey}`).toString('hex').toUpperCase();
    throw new UpstreamError('llm', `the call failed after ${dump}`);
  });
