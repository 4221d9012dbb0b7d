import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';
import { each, inProgram } from '../defect.ts';

/** The reference service, which repeats calls to the LLM API that were answered with a 5xx. */
export default {
  ...reference,
  upstreams: {
    ...reference.upstreams,
    groq: {
      ...reference.upstreams.groq,
      calls: {
        attempts: 3,
        on: ['5xx'],
        never: ['4xx', 'timeout', 'connection', 'body'],
        backoff: { minSeconds: 0.05, jitter: true },
      },
    },
  },
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('chaos/llm-failure-policy', 'failure-policy', {
    'repeated-failures-not-counted': 'counts as failures, with retries, for llm: …status 500…',
  }),
  each('chaos/llm-outage', 'breaker-opens', { 'opens-after-6-with-retries': 'opens at the threshold' }),
);
