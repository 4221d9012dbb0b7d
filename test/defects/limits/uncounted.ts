import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service whose contract doesn't say which requests its limit counts. */
export default {
  ...contractOf('first-request', 'all'),
  name: 'service with a limit: first-request, not said what it counts',
  limiter: { window: 'first-request' },
} satisfies ContractFile;

export const defects = inProgram(
  'limited-service.ts',
  each('stress/limit-costs', 'rate-limit-after-trouble', {
    'limiter-off-after-a-failure': 'limit holds after trouble: ask',
  }),
);
