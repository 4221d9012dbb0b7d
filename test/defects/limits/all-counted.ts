import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service whose limit counts every request. */
export default contractOf('first-request', 'all');

export const defects = inProgram(
  'limited-service.ts',
  ...Object.entries({
    'requests-held-back': 'The limit delays requests instead of refusing them',
    'refused-with-503': 'refused with 503 instead of 429',
    'counted-by-each-of-two-processes': 'each of 2 processes counts in its own memory',
    'port-in-the-key': 'takes each connection for another client',
    'limit-off': 'No request was refused: the limit is off',
  }).map(([name, says]) =>
    each(
      'stress/rate-limits',
      'rate-limit-admits-exactly',
      { [name]: 'admits exactly N: ask, first window' },
      { says },
    ),
  ),
  each('stress/limit-costs', 'rate-limit-costs', {
    'unauthenticated-requests-free': 'cost of unauthenticated requests: ask',
    'malformed-bodies-free': 'cost of malformed requests: ask',
    'invalid-bodies-free': 'cost of invalid requests: ask',
    'failed-requests-free': 'cost of failed requests: ask',
  }),
  each(
    'stress/limit-costs',
    'rate-limit-costs',
    { 'failed-requests-counted-twice': 'cost of failed requests: ask' },
    { says: 'counts twice' },
  ),
);
