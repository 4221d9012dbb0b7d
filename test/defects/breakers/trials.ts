import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';

const { llm, memory } = reference.breakers;

/** The reference service with breakers that allow several trials. */
export default {
  ...reference,
  breakers: { llm: { ...llm, trials: 3, trialsToClose: 2 }, memory: { ...memory, trials: 2 } },
} satisfies ContractFile;
