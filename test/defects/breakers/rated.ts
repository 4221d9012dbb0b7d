import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';
import { each, inProgram } from '../defect.ts';

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
      environment: { ...fast.environment, CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '2' },
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

export const defects = inProgram(
  'service.ts',
  each('chaos/llm-outage', 'breaker-stays-closed', {
    'rate-counts-old-failures': 'stays closed below again',
    'window-of-time-too-long': 'stays closed below after a while',
    'opens-at-the-rate-instead-of-above': 'stays closed below',
  }),
  each('chaos/llm-outage', 'breaker-opens', {
    'rate-opens-one-failure-late': 'opens at the threshold',
    'minimum-of-calls-one-too-many': 'opens at the minimum',
  }),
  each('chaos/memory-outage', 'breaker-stays-closed', { 'window-of-calls-keeps-failures': 'stays closed below again' }),
  each('chaos/memory-outage', 'breaker-opens', { 'closing-does-not-empty-the-window': 'opens at the minimum' }),
);
