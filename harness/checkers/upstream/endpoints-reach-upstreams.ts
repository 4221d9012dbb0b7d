import type { Finding } from '../../verdict/finding.ts';
import type { Checker } from '../lib/checker.ts';
import { countedUpstreams } from '../lib/counted-upstreams.ts';
import { phaseOf } from '../lib/endpoint-phase.ts';
import { callHints } from './call-hints.ts';

/**
 * Checks that a call to an endpoint reaches the upstreams listed in the contract in that order, each exactly once, and
 * no others.
 */
export const endpointsReachUpstreams: Checker = {
  name: 'endpoints-reach-upstreams',
  restsOn: ['endpoints-served'],
  usually:
    "The base URL of the upstream is not the fake's, a call is repeated or cached, or the contract lists the wrong upstreams.",
  judge(history, facts) {
    const endpoints = Object.keys(facts.contract.endpoints);
    const all = [...new Set(endpoints.flatMap((name) => countedUpstreams(facts, name)))];
    return endpoints.map((name): Finding => {
      const calls = history.requests({ phase: phaseOf(name) });
      const requests = all
        .flatMap((upstream) => history.receiptsIn(phaseOf(name), upstream))
        .sort((a, b) => a.at - b.at);
      const observed = requests.map(({ upstream }) => upstream).join(', then ') || 'none';
      const reached = countedUpstreams(facts, name);
      const expected = reached.join(', then ') || 'none';
      const judged = { check: `upstreams of ${name}`, expected, observed };
      const handshakes = all.flatMap((upstream) => history.failedHandshakesIn(phaseOf(name), upstream));
      const evidence = callHints({ endpoint: name, expected: reached, requests, handshakes });
      const verdict = calls.length !== 1 ? 'INCONCLUSIVE' : observed === expected ? 'PASS' : 'FAIL';
      return { ...judged, verdict, ...(evidence.length > 0 && { evidence }) };
    });
  },
};
