import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service whose limit counts only requests that are served. */
export default contractOf('first-request', 'served');

export const defects = inProgram(
  'limited-service.ts',
  each('stress/limit-costs', 'rate-limit-costs', {
    'failed-requests-counted': 'cost of failed requests: ask',
    'invalid-bodies-counted': 'cost of invalid requests: ask',
  }),
);
