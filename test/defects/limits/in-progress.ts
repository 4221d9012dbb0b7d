import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service that limits the requests that a client has in progress. */
export default contractOf('in-progress', 'all');

export const defects = inProgram(
  'limited-service.ts',
  each('stress/requests-in-progress', 'requests-in-progress', {
    'one-request-too-many-at-once': 'allows exactly N requests in progress: at once: ask',
    'one-too-many-refused-with-503': 'allows exactly N requests in progress: at once: ask',
    'slots-of-failed-requests-lost': 'allows exactly N requests in progress: at once again: ask',
    'slots-of-all-clients-together': 'other clients unaffected by requests in progress: ask',
  }),
);
