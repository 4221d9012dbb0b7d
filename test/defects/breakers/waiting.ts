import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';

const { llm, memory } = reference.breakers;

/** The reference service with breakers whose callers wait for the result of a trial. */
export default {
  ...reference,
  breakers: { llm: { ...llm, duringTrial: 'wait' }, memory: { ...memory, duringTrial: 'wait' } },
} satisfies ContractFile;
