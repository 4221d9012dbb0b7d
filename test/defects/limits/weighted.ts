import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service whose limit counts a share of the previous window. */
export default contractOf('weighted', 'all');

export const defects = inProgram(
  'limited-service.ts',
  each('stress/rate-limits', 'rate-limit-weighted', {
    'previous-window-forgotten': 'allows what two weighted windows leave: ask',
    'previous-window-counts-fully': 'allows what two weighted windows leave: ask',
    'refused-requests-count': 'allows what two weighted windows leave: ask',
  }),
);
