import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, tally } from '../lib/checker.ts';
import { admitted, isInOneWindow, limitsOf, NO_LIMITS, windowKind } from './rate-limit-windows.ts';

/** The status for an unknown path. It gains the client nothing. */
const UNKNOWN = 404;

/**
 * Checks that a client that has used up a limit gains nothing by claiming another identity or by spelling the path
 * differently. Such a request must count against the same client, or its path must be unknown (404).
 *
 * The script uses up the limit with plain requests and then sends one variant of each kind, all within one window. If
 * that takes too long, it repeats the round.
 */
export const rateLimitIdentity: BuiltInChecker = {
  name: 'rate-limit-identity',
  restsOn: ['rate-limit-admits-exactly'],
  usually: 'The client is taken from a header that anyone can set, or the path is compared before it is normalized.',
  fix: 'Take the client from the socket, or from the last entry of X-Forwarded-For that a trusted proxy has added. Normalize the path before it is compared: case, slashes, dots and encoding.',
  cases: (facts) => limitsOf(facts).map(({ limit }) => ({ check: checkOf(limit), promises: [['client']] })),
  without: NO_LIMITS,
  judge: (history, facts) =>
    limitsOf(facts).map(({ limit, max, lengthMs }): Finding => {
      const expected = 'no variant is served while the limit is used up';
      const judged = { check: checkOf(limit), expected, requests: [{ limit }] };
      const window = windowKind(facts);
      const rounds = roundsOf(history, limit).filter(
        (round) =>
          isUsedUp(round, max) && isInOneWindow(window, lengthMs, round.earlier, [...round.plain, ...round.variants]),
      );
      const variants = rounds.flatMap((round) => round.variants);
      if (variants.length === 0) {
        return { ...judged, observed: 'no variants while the limit was used up', verdict: 'INCONCLUSIVE' };
      }
      const served = facts.contract.endpoints[limit]?.served ?? [];
      const gained = variants.filter(({ status, tags }) => {
        return served.includes(status) && (tags.step === 'claim' || status !== UNKNOWN);
      });
      const observed = `${variants.length} variants: ${tally(variants.map(({ status }) => status))}`;
      const evidence = gained.map(({ status, tags }) => `${tags.variant}: ${status}`);
      if (gained.length > 0) return { ...judged, observed, evidence, verdict: 'FAIL' };
      return { ...judged, observed, verdict: variants.every(({ status }) => status !== 0) ? 'PASS' : 'INCONCLUSIVE' };
    }),
};

const checkOf = (limit: string): string => `forged identities gain nothing: ${limit}`;

interface Round {
  earlier: RequestSample[];
  plain: RequestSample[];
  variants: RequestSample[];
}

function roundsOf(history: History, limit: string): Round[] {
  const all = history.sent({ limit });
  return [...Map.groupBy(all, ({ tags }) => tags.round).values()].map((of) => ({
    earlier: all.slice(0, all.indexOf(of[0] as RequestSample)),
    plain: of.filter(({ tags }) => tags.step === 'plain'),
    variants: of.filter(({ tags }) => tags.step !== 'plain'),
  }));
}

/** Whether the limit was definitely used up: N requests were allowed, and one more was not. */
const isUsedUp = ({ plain }: Round, max: number): boolean =>
  plain.filter(admitted).length === max && plain.some(({ status }) => status === 429);
