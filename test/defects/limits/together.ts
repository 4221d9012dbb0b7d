import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service with a limit for all clients together. */
export default contractOf('together', 'all');

export const defects = inProgram(
  'limited-service.ts',
  each('stress/rate-limits', 'rate-limit-isolated', {
    'limit-for-each-client': 'other clients share the limit: ask',
    'first-request-of-each-client-free': 'other clients share the limit: ask',
  }),
);
