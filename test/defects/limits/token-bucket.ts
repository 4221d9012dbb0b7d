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
);
