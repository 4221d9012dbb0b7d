import type { ContractFile } from '../../../harness/contract/contract.ts';
import retrying from './retrying.ts';

/** The same service, with a breaker that counts attempts: it is inside the retries. */
export default {
  ...retrying,
  breakers: { ...retrying.breakers, llm: { ...retrying.breakers.llm, counts: 'attempts' } },
} satisfies ContractFile;
