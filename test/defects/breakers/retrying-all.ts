import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import retrying from './retrying.ts';

const { groq } = retrying.upstreams;
const { llm } = retrying.breakers;

/** The same service. All failures that its breaker counts are repeated, so none is a single request. */
export default {
  ...retrying,
  upstreams: { ...retrying.upstreams, groq: { ...groq, calls: { ...groq.calls, never: [] } } },
  breakers: {
    ...retrying.breakers,
    llm: { ...llm, failures: [500, 502, 503, 504].map((status) => ({ kind: 'status', status })) },
  },
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('chaos/llm-failure-policy', 'failure-policy', {
    'failures-that-are-all-repeated-not-counted': 'counts as failures, with retries, for llm: …status 500…',
  }),
  each('chaos/llm-outage', 'outage-with-retries', {
    'never-opens-with-retries': 'opens at the threshold, counting attempts',
    'opens-early-with-retries': 'stays closed below, counting attempts',
    'reopens-for-half-as-long-with-retries': 'reopens for a full timeout, counting attempts',
  }),
);
