import type { RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { forAllClients, judgeAnswers, requestsTo, STEPS, wrongIn } from './judge-answers.ts';
import { holdsBack, withOtherRefusals } from './other-refusals.ts';
import { admitted, limitCase, limitsOf, NEVER_REFUSED } from './rate-limit-windows.ts';
import { roomIn } from './weighted-window.ts';

/**
 * Checks each answer against a weighted window: a request is allowed if the requests in the current window and a share
 * of those in the previous one are fewer than N. The share is the part of the previous window that lies within the last
 * window length.
 *
 * The script sends more requests than the limit at the beginning of a window, some until its end, and another burst in
 * the middle of the next one, which has room for about half of N.
 */
export const rateLimitWeighted: BuiltInChecker = {
  name: 'rate-limit-weighted',
  restsOn: ['endpoints-served'],
  usually:
    'The previous window does not count, counts fully or with the wrong share, refused requests count, or windows begin with the first request.',
  fix: 'Count allowed requests per clock-based window, and allow a request if `previous * (1 - passed / length) + current < max`. Read the time and both counts in one atomic step.',
  needs: 'limiter.window: weighted',
  cases: (facts) =>
    weighted(facts).map(({ limit }) =>
      limitCase(checkOf(limit), limit, ['limiter', 'window'], ...forAllClients(facts, limit)),
    ),
  without: 'the profile has no limits, or limiter.window is not weighted',
  judge: (history, facts) =>
    weighted(facts).map((promisedLimit): Finding => {
      const { limit, max, lengthMs } = promisedLimit;
      const requests = requestsTo(history, facts, limit);
      const words = { allowed: 'allowed beyond it', denied: 'refused below it' };
      const finding = withOtherRefusals(facts, limit, requests, (of) =>
        judgeAnswers(of, wrongIn(of, roomIn(promisedLimit, of)), words),
      );
      const judged = {
        check: checkOf(limit),
        requests: STEPS.map((step) => ({ limit, step })),
        expected: `${max} in ${lengthMs / 1_000} s, with a share of the previous window`,
        ...finding,
      };
      const next = history.sent({ limit, step: 'second window' });
      const left = next.filter(admitted).length;
      const isRefused = (of: readonly RequestSample[]) => of.some(({ status }) => status === 429);
      const isFull = requests.filter(admitted).length >= max && isRefused(requests);
      const isWeighed = left > 0 && left < max && isRefused(next);
      const held = holdsBack(history, limit);
      if (held !== undefined && !isFull) return { ...judged, usually: held, verdict: 'FAIL' };
      if (finding.verdict === 'FAIL' && !isRefused(requests) && !finding.usually)
        return { ...judged, usually: NEVER_REFUSED };
      if (finding.verdict === 'FAIL' || (isFull && (next.length === 0 || isWeighed))) return judged;
      const evidence = [`too little to judge: ${left} of ${next.length} allowed in the next window`];
      return { ...judged, evidence, verdict: 'INCONCLUSIVE' };
    }),
};

const weighted = (facts: Facts) => (facts.contract.limiter.window === 'weighted' ? limitsOf(facts) : []);

const checkOf = (limit: string): string => `allows what two weighted windows leave: ${limit}`;
