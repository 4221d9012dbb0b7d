import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

/** A service whose refusals and failures are errors in the sense of GraphQL. */
export default contractOf({
  name: 'graphql',
  served: { status: 200, without: 'errors' },
  refusal: { status: 200, has: 'errors.0.extensions.code', retryAfter: 'errors.0.extensions.retryAfter' },
  codes: { limited: 'RATE_LIMITED', busy: 'TOO_BUSY', unavailable: 'UNAVAILABLE' },
});

export const defects = inProgram(
  'answers-service.ts',
  each(
    'stress/rate-limits',
    'rate-limit-admits-exactly',
    { 'limit-in-bodies-not-enforced': 'admits exactly N: ask, first window' },
    { says: 'No request was refused' },
  ),
  each(
    'stress/rate-limits',
    'rate-limit-admits-exactly',
    { 'refusal-without-its-code': 'admits exactly N: ask, first window' },
    { says: 'it refuses requests with 200 with errors (code INTERNAL) instead of 429' },
  ),
  each('stress/rate-limits', 'rate-limit-retry-after', {
    'retry-after-in-bodies-too-long': 'correct Retry-After: ask',
  }),
  each('stress/requests-in-progress', 'requests-in-progress', {
    'one-too-many-at-once-in-bodies': 'allows exactly N requests in progress: at once: report',
  }),
  each('chaos/llm-outage', 'breaker-opens', {
    'breaker-in-bodies-never-opens': 'opens at the threshold',
  }),
  each('chaos/fault-answers', 'faults-answered', {
    'failure-in-bodies-passed-as-data': 'answer to 500: llm, ask',
  }),
);
