import { count } from '../../base/in-words.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Checker } from '../lib/checker.ts';
import { limitsOf } from './rate-limit-windows.ts';

/** Refusals without which nothing is proved. */
const ENOUGH = 5;
/** Of the refusals, how many may have reached an upstream before it is beyond doubt that refused calls do. */
const DOUBTFUL = 1 / 4;

/**
 * A refused request costs an upstream nothing (R2: protection against abuse): of the calls of endpoints with a limit, no more arrive
 * at an upstream than were not refused. One call of an endpoint is one of an upstream, see `endpoints-reach-upstreams`.
 */
export const rateLimitSparesUpstreams: Checker = {
  name: 'rate-limit-spares-upstreams',
  restsOn: ['rate-limit-admits-exactly', 'endpoints-reach-upstreams'],
  usually: 'The limit is checked after the upstream call, or in a middleware that runs too late.',
  judge(history, facts) {
    const limited = limitsOf(facts).map(({ limit }) => limit);
    const reached = (endpoint = '') => facts.contract.endpoints[endpoint]?.reaches ?? [];
    return [...new Set(limited.flatMap(reached))].map((upstream): Finding => {
      const calls = history.sent({}).filter(({ tags }) => reached(tags.endpoint).includes(upstream));
      const refused = calls.filter(({ status }) => status === 429).length;
      const due = calls.length - refused;
      const arrived = history
        .all('receipt')
        .filter((one) => one.kind === 'request' && one.upstream === upstream).length;
      const beyond = Math.max(0, arrived - due);
      return {
        check: `refused before the work: ${upstream}`,
        expected: `at most the ${count(due, 'call')} that were not refused`,
        observed: `${count(arrived, 'request')} there; ${count(refused, 'call')} refused`,
        verdict: beyond > refused * DOUBTFUL ? 'FAIL' : beyond === 0 && refused >= ENOUGH ? 'PASS' : 'INCONCLUSIVE',
      };
    });
  },
};
