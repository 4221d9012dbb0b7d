import { answerOf } from '../../history/answer-of.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, planned, tally } from '../lib/checker.ts';
import { admitted, isInOneWindow, limitNumber, limitsOf, windowKind } from './rate-limit-windows.ts';

/**
 * Checks that each limit admits exactly N requests of a new client when upstreams that failed work again, and the database
 * that lost its connections during a query, in the same process.
 *
 * The script sends more than N requests within one window. If that takes too long, it repeats them.
 */
export const rateLimitAfterTrouble: BuiltInChecker = {
  name: 'rate-limit-after-trouble',
  restsOn: ['rate-limit-admits-exactly', 'rate-limit-bucket', 'rate-limit-isolated'],
  usually:
    'The limiter lets all requests through for a while after an error, or an error ends the task that counts them.',
  fix: 'Keep the limiter apart from the error handling of upstreams. If its store fails, count in memory until it works again.',
  cases: (facts) =>
    planned(facts, 'after trouble')?.map(({ endpoint }) => ({
      check: checkOf(endpoint),
      promises: [limitNumber(endpoint, 'max')],
    })),
  without:
    'no limited endpoint fails with an upstream, the contract has no pool, or the failed upstream affects all limits',
  judge: (history, facts) =>
    (planned(facts, 'after trouble') ?? []).map(({ endpoint }): Finding => {
      const { max = 0, lengthMs = 0 } = limitsOf(facts).find(({ limit }) => limit === endpoint) ?? {};
      const all = history.requestsIn(history.phases('after trouble', { endpoint }), { limit: endpoint });
      const rounds = [...Map.groupBy(all, ({ tags }) => tags.round).values()];
      const isCertain = (round: typeof all) =>
        isInOneWindow(windowKind(facts), lengthMs, all.slice(0, all.indexOf(round[0] as (typeof all)[number])), round);
      const burst = rounds.find(isCertain) ?? [];
      const judged = {
        check: checkOf(endpoint),
        requests: [{ limit: endpoint }],
        expected: `${max} admitted, the others refused`,
      };
      const isEnough = burst.length > max && burst.every(({ status }) => status !== 0);
      if (!isEnough) return { ...judged, observed: 'no burst within one window', verdict: 'INCONCLUSIVE' };
      const [first] = burst;
      const hadTrouble = history.disruptable().some(({ at, faults }) => faults.length > 0 && at < (first?.at ?? 0));
      const passed = burst.filter(admitted).length;
      return {
        ...judged,
        observed: `${passed} of ${burst.length} admitted${hadTrouble ? '' : ', although nothing had failed before'}`,
        evidence: [tally(burst.map(answerOf))],
        verdict: passed !== max ? 'FAIL' : hadTrouble ? 'PASS' : 'INCONCLUSIVE',
      };
    }),
};

const checkOf = (limit: string): string => `limit holds after trouble: ${limit}`;
