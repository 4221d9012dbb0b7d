import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';

const { fast } = reference.profiles;
const { llm, memory } = reference.breakers;

/**
 * opossum counts an error that is filtered out as a success. It also lets a late result decide about its trial, which
 * chaos/late-results reports.
 */
const { 'ignore-429': _, 'long-calls': __, ...conditions } = reference.conditions;

/** The reference service with breakers that open by the failure rate in a window. */
export default {
  ...reference,
  conditions,
  breakers: { llm: { ...llm, ignored: [] }, memory },
  profiles: {
    fast: {
      ...fast,
      environment: { ...fast.environment, UPSTREAM_TIMEOUT_MS: '1000' },
      breakers: {
        llm: {
          opens: { rate: 0.5, window: { seconds: 6 }, minimum: 4, boundary: 'above' },
          recoverySeconds: 2,
          callTimeoutSeconds: 1,
        },
        memory: {
          opens: { rate: 0.5, window: { calls: 6 }, minimum: 4 },
          recoverySeconds: 2,
          callTimeoutSeconds: 1,
        },
      },
    },
  },
} satisfies ContractFile;
