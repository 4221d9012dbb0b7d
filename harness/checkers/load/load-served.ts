import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, servedCases, tally } from '../lib/checker.ts';

/** Minimum number of calls for a percentile. */
const ENOUGH = 100;

/**
 * Checks that under load, in the phases `measured`, every endpoint serves every call, and that there are enough calls to
 * measure the speed.
 */
export const loadServed: BuiltInChecker = {
  name: 'load-served',
  restsOn: ['endpoints-served'],
  usually: 'The service ran out of connections, its rate limit is still active, or it fails under concurrency.',
  fix: 'Look at the statuses in the evidence. For 429, start the load with the condition `no-rate-limits`. For 5xx, look for a pool, a lock or a limit of file descriptors that is smaller than the load.',
  cases: (facts) => servedCases(facts, checkOf),
  judge: (history, { contract }) =>
    Object.entries(contract.endpoints).map(([endpoint, { served }]): Finding => {
      const phases = history.phases('measured');
      const statuses = history.requestsIn(phases, { endpoint }).map(({ status }) => status);
      const refused = statuses.some((status) => !served.includes(status));
      const proved = statuses.length >= ENOUGH;
      return {
        check: checkOf(endpoint),
        requests: tagsIn(phases, { endpoint }),
        expected: `at least ${ENOUGH} calls, each ${served.join(' or ')}`,
        observed: tally(statuses),
        verdict: refused ? 'FAIL' : proved ? 'PASS' : 'INCONCLUSIVE',
      };
    }),
};

const checkOf = (endpoint: string): string => `serves ${endpoint} under load`;
