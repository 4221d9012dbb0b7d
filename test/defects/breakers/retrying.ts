import { isPromisedAgain } from '../../../harness/contract/attempts.ts';
import type { ContractFile } from '../../../harness/contract/contract.ts';
import { seenAs } from '../../../harness/contract/known-faults.ts';
import { registeredFaults } from '../../../harness/contract/registered-faults.ts';
import { promisedCalls } from '../../../mocks/promised-calls.ts';
import reference from '../../../service/proofload.config.ts';
import { each, inProgram } from '../defect.ts';

const calls = {
  attempts: 3,
  on: ['5xx' as const],
  never: ['4xx' as const, 'timeout' as const, 'connection' as const, 'body' as const],
  backoff: { minSeconds: 0.05, jitter: true },
};

const { llm } = reference.breakers;
const known = registeredFaults();
const promised = promisedCalls.parse(calls);

/** The reference service, which repeats calls to the LLM API that were answered with a 5xx. */
export default {
  ...reference,
  upstreams: { ...reference.upstreams, groq: { ...reference.upstreams.groq, calls } },
  breakers: {
    ...reference.breakers,
    // Those of which the calls' promises say whether they are repeated.
    llm: {
      ...llm,
      failures: llm.failures.filter((fault) => isPromisedAgain(promised, seenAs(fault, known)) !== undefined),
    },
  },
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('chaos/llm-failure-policy', 'failure-policy', {
    'repeated-failures-not-counted': 'counts as failures, with retries, for llm: …status 500…',
  }),
  each('chaos/llm-outage', 'breaker-opens', { 'opens-after-6-with-retries': 'opens at the threshold' }),
);
