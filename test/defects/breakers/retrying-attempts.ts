import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import retrying from './retrying.ts';

/** The same service, with a breaker that counts attempts: it is inside the retries. */
export default {
  ...retrying,
  breakers: { ...retrying.breakers, llm: { ...retrying.breakers.llm, counts: 'attempts' } },
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('chaos/llm-failure-policy', 'failure-policy', {
    'retries-go-through-the-open-breaker': 'counts attempts for llm: …status 500…',
    'calls-counted-instead-of-attempts': 'counts attempts for llm: …status 500…',
  }),
  each('chaos/llm-outage', 'breaker-refuses-at-once', { 'open-breaker-asked-again': 'refuses at once' }),
);
