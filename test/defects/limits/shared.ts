import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

const { endpoints, ...base } = contractOf('first-request', 'all');
const limitWith = (other: string) => ({ max: 6, windowSeconds: 2, sharedWith: [other] });

/** A service with a limit that counts the requests to two endpoints together. */
export default {
  ...base,
  name: 'service with a limit of two endpoints',
  endpoints: { ...endpoints, again: { ...(endpoints.ask as NonNullable<typeof endpoints.ask>), path: '/again' } },
  profiles: { fast: { limits: { ask: limitWith('again'), again: limitWith('ask') } } },
} satisfies ContractFile;

export const defects = inProgram(
  'limited-service.ts',
  each('stress/rate-limits', 'rate-limit-isolated', {
    'endpoints-counted-apart': 'limit counts requests of both: ask, again',
  }),
);
