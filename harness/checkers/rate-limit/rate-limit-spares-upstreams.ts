import { count } from '../../base/in-words.ts';
import { isHttp } from '../../contract/is-http.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { countedUpstreams } from '../lib/counted-upstreams.ts';
import { firstSent } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import { limitNumber, limitsOf } from './rate-limit-windows.ts';

/** Minimum number of rejections for a PASS. */
const ENOUGH = 5;
/** If more than this share of calls was rejected, extra upstream requests definitely come from rejected calls. */
const DOUBTFUL = 1 / 4;

/**
 * Checks that rejected requests cause no upstream calls: an upstream gets no more requests than calls were allowed. One
 * call makes one upstream request (see `endpoints-reach-upstreams`).
 */
export const rateLimitSparesUpstreams: BuiltInChecker = {
  name: 'rate-limit-spares-upstreams',
  restsOn: ['rate-limit-admits-exactly', 'endpoints-reach-upstreams'],
  usually: 'The limit is checked after the upstream call, or in a middleware that runs too late.',
  fix: 'Register the limiter before the routes, and before anything that calls an upstream.',
  cases: (facts) =>
    [...limitsByUpstream(facts)].map(([upstream, limits]) => ({
      check: checkOf(upstream),
      promises: limits.map((limit) => limitNumber(limit, 'max')),
    })),
  without: 'no endpoint with a limit reaches an upstream whose requests can be counted',
  judge(history, facts) {
    const reached = (endpoint = '') => countedUpstreams(facts, endpoint);
    return [...limitsByUpstream(facts).keys()].map((upstream): Finding => {
      const calls = history.sent({}).filter(({ tags }) => reached(tags.endpoint).includes(upstream));
      const refused = calls.filter(({ status }) => status === 429).length;
      const due = calls.length - refused;
      // A service may call the upstream when it starts.
      const began = firstSent(calls) - CLOCKS_MS;
      const arrived = history.receipts('request', upstream).filter(({ at }) => at >= began).length;
      const beyond = Math.max(0, arrived - due);
      const doubtful = refused * DOUBTFUL;
      return {
        check: checkOf(upstream),
        expected: `at most ${count(due, 'request')}: one for each call that was not refused`,
        observed: `${count(arrived, 'request')} reached it; ${count(refused, 'call')} refused`,
        ...(beyond > 0 && doubtful > 0 && { evidence: [whatIsBeyond(beyond, doubtful)] }),
        ...(beyond > 0 && !isHttp(facts.contract, upstream) && { usually: mayBeStore(upstream) }),
        verdict: beyond > doubtful ? 'FAIL' : beyond === 0 && refused >= ENOUGH ? 'PASS' : 'INCONCLUSIVE',
      };
    });
  },
};

const checkOf = (upstream: string): string => `refused calls cost no upstream request: ${upstream}`;

/** Returns the upstreams that limited endpoints reach, each with these limits. */
function limitsByUpstream(facts: Facts): ReadonlyMap<string, string[]> {
  const pairs = limitsOf(facts).flatMap(({ limit }) =>
    [...new Set(countedUpstreams(facts, limit))].map((upstream) => ({ limit, upstream })),
  );
  const groups = Map.groupBy(pairs, ({ upstream }) => upstream);
  return new Map([...groups].map(([upstream, of]) => [upstream, of.map(({ limit }) => limit)]));
}

const mayBeStore = (upstream: string): string =>
  `Refused calls reach it: it is the store of the limiter (then write \`limiter: { store: ${upstream} }\`), or the limit is checked after the call.`;

const whatIsBeyond = (beyond: number, doubtful: number): string =>
  `measured ${beyond} more than expected minus ${doubtful} that may have other causes, for a quarter of the refused ` +
  `calls: ${Math.max(0, beyond - doubtful)}`;
