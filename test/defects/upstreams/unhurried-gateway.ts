import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import patient from './patient-gateway.ts';

/** The same gateway, without a promise about Retry-After. Its upstream then takes a while to fail. */
export default {
  ...patient,
  upstreams: { llm: { ...patient.upstreams.llm, calls: { attempts: 3, on: ['5xx'], never: ['timeout'] } } },
} satisfies ContractFile;

export const defects = inProgram(
  'gateway-service.ts',
  each('chaos/leaving-callers', 'abandoned-calls-not-repeated', {
    'cancelled-attempt-sent-again': 'sends no retries for callers who left: ask at llm',
  }),
);
