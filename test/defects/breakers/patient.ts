import type { ContractFile } from '../../../harness/contract/contract.ts';
import reference from '../../../service/proofload.config.ts';

const { llm, memory } = reference.breakers;
const trying = { trials: 10, trialsToClose: 6 };

/** The reference service with breakers that wait for all of their trials. */
export default {
  ...reference,
  breakers: { llm: { ...llm, ...trying }, memory: { ...memory, ...trying } },
} satisfies ContractFile;
