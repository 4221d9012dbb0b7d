import type { Finding } from '../../verdict/finding.ts';
import { type Checker, isServed, tally } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { starvation } from '../lib/starvation.ts';
import { BURSTS, limitsOf, windowOf } from './rate-limit-windows.ts';

/** Milliseconds of waiting for a processor after which a replica may have given up its store, and admitted without it. */
const GIVEN_UP_MS = 100;

/**
 * Replicas that count in one store admit exactly N in a window together (R2: the limit is a client's, not a process's). Each
 * is asked for more than N, so that one that counted for itself would admit N by itself.
 */
export const replicasShareLimits: Checker = {
  name: 'replicas-share-limits',
  restsOn: ['rate-limit-admits-exactly'],
  usually: 'Each process counts in its own memory instead of the shared store.',
  judge(history, facts) {
    const starved = starvation(history);
    return limitsOf(facts).flatMap(({ limit, max, lengthMs }) =>
      BURSTS.map((step): Finding => {
        const judged = {
          check: `replicas share the limit: ${limit}, ${step}`,
          expected: `${max} in ${lengthMs / 1_000} s, of all replicas together`,
        };
        const window = windowOf(history, facts, limit, step);
        if (!window) return { ...judged, observed: 'no requests', verdict: 'INCONCLUSIVE' };
        const replicas = [...Map.groupBy(window.burst, ({ tags }) => tags.process)].sort(([a = ''], [b = '']) =>
          a.localeCompare(b),
        );
        // Not every answer but 429 is an admission here: a store that can't be reached refuses in another way.
        const admitted = window.burst.filter((one) => isServed(facts, one));
        const served = admitted.length;
        const counted = admitted.filter((one) => starved(one.at, answered(one)) < GIVEN_UP_MS).length;
        const other = window.burst.filter((one) => !isServed(facts, one) && one.status !== 429).length;
        const observed = replicas
          .map(([replica, of]) => `replica ${Number(replica) + 1}: ${tally(of.map(({ status }) => status))}`)
          .join('; ');
        const enough =
          replicas.length > 1 && replicas.every(([, of]) => of.length > max) && window.sent === window.burst.length;
        if (!window.certain)
          return { ...judged, observed: `${observed}; in more than one window`, verdict: 'INCONCLUSIVE' };
        if (served > max) return { ...judged, observed, verdict: counted > max ? 'FAIL' : 'INCONCLUSIVE' };
        if (!enough || other > 0) return { ...judged, observed, verdict: 'INCONCLUSIVE' };
        return { ...judged, observed, verdict: served === max ? 'PASS' : 'FAIL' };
      }),
    );
  },
};
