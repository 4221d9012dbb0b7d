import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, tally } from '../lib/checker.ts';
import { firstSent, lastAnswered } from '../lib/request-times.ts';
import { TOLERANCE_MS } from './judge-answers.ts';
import { isGradual, limitsOf } from './rate-limit-windows.ts';

type Limit = ReturnType<typeof limitsOf>[number];

/**
 * Checks that a caller without a name is not free of limits. If the service identifies a client by a header, requests
 * without it, or with an empty one, must be refused, or limited together: in a window, no more than 2 N of them are
 * served, because a window may have begun before the first one.
 *
 * The script sends more than that without the header, and then with an empty one.
 */
export const rateLimitUnnamed: BuiltInChecker = {
  name: 'rate-limit-unnamed',
  restsOn: ['rate-limit-admits-exactly', 'rate-limit-bucket'],
  usually:
    'Requests without the header that identifies a client are not counted: the key is empty, which some limiters skip (nginx: an empty key is not limited), or the code returns early.',
  fix: 'Refuse requests without the header (400 or 401), or count them together under a fixed key.',
  needs: 'client: { header }',
  cases: (facts) =>
    headerOf(facts) === undefined
      ? []
      : limitsOf(facts).map(({ limit }) => ({ check: checkOf(limit), promises: [['client']] })),
  without: 'the profile has no limits, or the service does not identify clients by a header',
  judge: (history, facts) => {
    const header = headerOf(facts);
    if (header === undefined) return [];
    return limitsOf(facts).map((limit): Finding => {
      const tags = { limit: limit.limit, step: 'unnamed' } as const;
      const judged = {
        check: checkOf(limit.limit),
        requests: [tags],
        expected: `refused, or at most ${2 * limit.max} served, without ${header} and with an empty one`,
      };
      const tried = [...Map.groupBy(history.sent(tags), ({ tags: { variant = '' } }) => variant)];
      if (tried.length < VARIANTS) return { ...judged, observed: 'not tried', verdict: 'INCONCLUSIVE' };
      const results = tried.map(([variant, requests]) => ({
        words: `${variant}: ${tally(requests.map(answerOf))}`,
        verdict: verdictOf(requests, limit, facts),
      }));
      const isWrong = results.some(({ verdict }) => verdict === 'FAIL');
      const isOpen = results.some(({ verdict }) => verdict === 'INCONCLUSIVE');
      return {
        ...judged,
        observed: results.map(({ words }) => words).join('; '),
        verdict: isWrong ? 'FAIL' : isOpen ? 'INCONCLUSIVE' : 'PASS',
      };
    });
  },
};

/** The header is absent, or empty. */
const VARIANTS = 2;

const headerOf = ({ contract: { client } }: Facts): string | undefined =>
  typeof client !== 'string' && 'header' in client ? client.header : undefined;

const checkOf = (limit: string): string => `callers without a name are refused or limited: ${limit}`;

function verdictOf(requests: readonly RequestSample[], { max, lengthMs }: Limit, facts: Facts): Verdict {
  const served = requests.filter((request) => isServed(facts, request)).length;
  const tookMs = lastAnswered(requests) - firstSent(requests) + TOLERANCE_MS;
  const most = isGradual(facts) ? max + (max * tookMs) / lengthMs : 2 * max;
  if (served === 0) return requests.some(({ status }) => status === 0) ? 'INCONCLUSIVE' : 'PASS';
  if (tookMs >= lengthMs || requests.length <= most) return 'INCONCLUSIVE';
  return served > most ? 'FAIL' : requests.some(({ status }) => status === 0) ? 'INCONCLUSIVE' : 'PASS';
}
