import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';

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
