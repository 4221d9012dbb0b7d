import type { Family } from '../lib/family.ts';
import { endsWhenToldTo } from './ends-when-told-to.ts';
import { inFlightAtEnd } from './in-flight-at-end.ts';
import { END_MUTANTS } from './mutants.ts';
import { newRequestsRefused } from './new-requests-refused.ts';
import { notReadyAtEnd } from './not-ready-at-end.ts';
import { streamsAtEnd } from './streams-at-end.ts';

export const END: Family = {
  title: 'End of the service',
  checkers: [endsWhenToldTo, inFlightAtEnd, newRequestsRefused, notReadyAtEnd, streamsAtEnd],
  mutants: END_MUTANTS,
};
