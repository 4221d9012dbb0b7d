import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';
import { each, inProgram } from '../defect.ts';

const { fast } = reference.profiles;
const { threshold: _, ...times } = fast.breakers.llm;

/** A success does not reset what this breaker counts, and a late result counts whenever it comes. */
const { 'long-calls': __, ...conditions } = reference.conditions;

/** The reference service with a breaker of the LLM that opens after 3 failures within 4 s. */
export default {
  ...reference,
  conditions,
  profiles: {
    fast: {
      ...fast,
      breakers: {
        ...fast.breakers,
        llm: { ...times, opens: { failures: 3, window: { seconds: 4 } } },
      },
    },
  },
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('chaos/llm-outage', 'breaker-opens', {
    'success-empties-the-window': 'opens at the threshold, with a success between the failures',
    'window-needs-one-failure-more': 'opens at the threshold',
  }),
  each('chaos/llm-outage', 'breaker-stays-closed', {
    'failures-never-leave-the-window': 'stays closed below again',
  }),
);
