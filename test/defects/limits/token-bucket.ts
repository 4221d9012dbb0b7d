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
  each(
    'stress/rate-limits',
    'rate-limit-bucket',
    { 'client-from-x-real-ip': 'allows as many as there are tokens: ask' },
    { says: 'only requests with a forged header were allowed' },
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
