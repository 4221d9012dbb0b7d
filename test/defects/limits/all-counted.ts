import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service whose limit counts every request. */
export default contractOf('first-request', 'all');

export const defects = inProgram(
  'limited-service.ts',
  each('stress/limit-costs', 'rate-limit-costs', {
    'unauthenticated-requests-free': 'cost of unauthenticated requests: ask',
    'malformed-bodies-free': 'cost of malformed requests: ask',
    'invalid-bodies-free': 'cost of invalid requests: ask',
    'failed-requests-free': 'cost of failed requests: ask',
  }),
);
