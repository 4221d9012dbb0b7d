import type { ContractFile } from '../../../harness/contract/contract.ts';
import patient from './patient-gateway.ts';

/** The same gateway, without a promise about Retry-After. Its upstream then takes a while to fail. */
export default {
  ...patient,
  upstreams: { llm: { ...patient.upstreams.llm, calls: { attempts: 3, on: ['5xx'], never: ['timeout'] } } },
} satisfies ContractFile;
