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
);
