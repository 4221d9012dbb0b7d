import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service whose limit is a bucket of tokens. */
export default contractOf('token-bucket', 'all');

export const defects = inProgram(
  'limited-service.ts',
  each('stress/rate-limits', 'rate-limit-bucket', {
    'bucket-too-large': 'allows as many as there are tokens: ask',
    'bucket-refilled-too-slowly': 'allows as many as there are tokens: ask',
    'bucket-refilled-at-once': 'allows as many as there are tokens: ask',
  }),
  ...Object.entries({
    'bucket-refilled-10-percent-too-fast': 'The bucket is refilled too fast: 3.3',
    'bucket-refilled-10-percent-too-slowly': 'The bucket is refilled too slowly: 2.7',
    'bucket-with-requests-held-back': 'The limit delays requests instead of refusing them',
    'bucket-refused-with-503': 'refused with 503 instead of 429',
    'bucket-with-limit-off': 'No request was refused: the limit is off',
  }).map(([name, says]) =>
    each('stress/rate-limits', 'rate-limit-bucket', { [name]: 'allows as many as there are tokens: ask' }, { says }),
  ),
  each(
    'stress/identity',
    'rate-limit-identity',
    { 'client-from-x-azure-clientip': 'forged identities gain nothing: ask' },
    { says: 'exempts it from the limit: X-Azure-ClientIP.' },
  ),
  each(
    'stress/identity',
    'rate-limit-identity',
    { 'crawlers-exempt': 'forged identities gain nothing: ask' },
    { says: 'are exempt from the limit: Pingdom.com_bot' },
  ),
);
