import type { RequestSample } from '../../history/events.ts';
import type { Verdict } from '../../verdict/finding.ts';

/** k6's `error_code` for a request whose caller left before the answer was complete. */
const GIVEN_UP = '1050';

/** Whether the caller of a request left before the answer was complete. */
export const isGivenUp = ({ status, tags }: RequestSample): boolean => status === 0 && tags.error_code === GIVEN_UP;

/**
 * Returns a verdict on the end time of a call. If its caller left in time, the call might never have ended, which
 * proves nothing.
 */
export const unlessGivenUp = (verdict: Verdict, call: RequestSample): Verdict =>
  verdict === 'PASS' && isGivenUp(call) ? 'INCONCLUSIVE' : verdict;
