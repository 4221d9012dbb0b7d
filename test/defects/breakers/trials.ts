import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';
import { each, inProgram } from '../defect.ts';

const { llm, memory } = reference.breakers;

/** The reference service with breakers that allow several trials. */
export default {
  ...reference,
  breakers: { llm: { ...llm, trials: 3, trialsToClose: 2 }, memory: { ...memory, trials: 2 } },
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('chaos/llm-outage', 'breaker-admits-one-trial', { 'one-trial-too-many': 'admits 3 trials' }),
  each('chaos/memory-outage', 'breaker-closes', { 'one-trial-closes': 'stays open after too few good trials' }),
  each('chaos/llm-outage', 'breaker-closes', { 'all-trials-must-succeed': 'closes after a good trial' }),
);
