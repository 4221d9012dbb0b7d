import { answerOf } from '../../history/answer-of.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, isServed, tally } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { starvation } from '../lib/starvation.ts';
import { BURSTS, type Burst, limitNumber, limitsOf, NO_LIMITS, windowOf } from './rate-limit-windows.ts';

/**
 * A replica that has waited this many milliseconds for a processor may have given up on its store and allowed a request
 * without it.
 */
const GIVEN_UP_MS = 100;

const checkOf = (limit: string, step: Burst): string => `replicas share the limit: ${limit}, ${step}`;

/**
 * Checks that replicas with a shared store allow exactly N requests per window in total, because a limit applies to the
 * client and not to the process. Each replica gets more than N requests, so a replica that counted on its own would
 * allow N by itself.
 */
export const replicasShareLimits: BuiltInChecker = {
  name: 'replicas-share-limits',
  restsOn: ['rate-limit-admits-exactly'],
  usually: 'Each process counts in its own memory instead of the shared store.',
  fix: 'Keep the counters in a store that all processes share, such as Redis or the database.',
  needs: 'conditions.shared-limit-store',
  cases: (facts) =>
    limitsOf(facts).flatMap(({ limit }) =>
      BURSTS.map((step) => ({ check: checkOf(limit, step), promises: [limitNumber(limit, 'max')] })),
    ),
  without: NO_LIMITS,
  judge(history, facts) {
    const starved = starvation(history);
    return limitsOf(facts).flatMap(({ limit, max, lengthMs }) =>
      BURSTS.map((step): Finding => {
        const judged = {
          check: checkOf(limit, step),
          requests: [{ limit, step }],
          expected: `${max} admitted in ${lengthMs / 1_000} s by all replicas together`,
        };
        const window = windowOf(history, facts, limit, step);
        if (!window) return { ...judged, observed: 'no requests', verdict: 'INCONCLUSIVE' };
        const replicas = [...Map.groupBy(window.burst, ({ tags }) => tags.process)].sort(([a = ''], [b = '']) =>
          a.localeCompare(b),
        );
        // Only served calls count, because a replica that cannot reach its store may reject calls with a status other
        // than 429.
        const admitted = window.burst.filter((request) => isServed(facts, request));
        const served = admitted.length;
        const counted = admitted.filter((request) => starved(request.at, answered(request)) < GIVEN_UP_MS).length;
        const other = window.burst.filter((request) => !isServed(facts, request) && request.status !== 429).length;
        const observed = replicas
          .map(([replica, of]) => `replica ${Number(replica) + 1}: ${tally(of.map(answerOf))}`)
          .join('; ');
        const enough =
          replicas.length > 1 && replicas.every(([, of]) => of.length > max) && window.sent === window.burst.length;
        if (!window.certain)
          return { ...judged, observed: `${observed}; in more than one window`, verdict: 'INCONCLUSIVE' };
        if (served > max) {
          const evidence = [
            ...(counted < served
              ? [`${served} served minus ${served - counted} that waited for a processor: ${counted}`]
              : []),
          ];
          return { ...judged, observed, evidence, verdict: counted > max ? 'FAIL' : 'INCONCLUSIVE' };
        }
        if (!enough || other > 0) return { ...judged, observed, verdict: 'INCONCLUSIVE' };
        return { ...judged, observed, verdict: served === max ? 'PASS' : 'FAIL' };
      }),
    );
  },
};
