import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';
import { each, inProgram } from '../defect.ts';

const { llm, memory } = reference.breakers;

/** The reference service with breakers whose callers wait for the result of a trial. */
export default {
  ...reference,
  breakers: { llm: { ...llm, duringTrial: 'wait' }, memory: { ...memory, duringTrial: 'wait' } },
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('chaos/llm-outage', 'trial-waited-for', {
    'callers-refused-during-a-trial': 'callers wait for a failed trial: llm',
    'waiting-callers-refused-late': 'callers wait for a failed trial: llm',
  }),
  each('chaos/llm-failure-policy', 'trial-waited-for', {
    'waiting-callers-refused-after-a-good-trial': 'callers wait for a good trial: llm',
  }),
);
