import type { Finding } from '../../verdict/finding.ts';
import { type Checker, tally } from '../lib/checker.ts';

/** The kinds of invalid credentials, by the tag `proof`. */
const WORTHLESS = ['no token', 'another key', 'no signature', 'expired'];

/**
 * An endpoint that acts for a user refuses requests with invalid credentials. The script sends each kind once, in a
 * phase of its own.
 */
export const endpointsAskForProof: Checker = {
  name: 'endpoints-ask-for-proof',
  restsOn: ['endpoints-served'],
  usually:
    'The service decodes tokens without verifying signature and expiry, or the route lacks the authentication middleware.',
  judge(history, { contract: { authentication, endpoints } }) {
    if (!authentication) throw new Error('the contract describes no authentication');
    return Object.entries(endpoints).flatMap(([name, { user, served }]): Finding[] => {
      if (user === undefined) return [];
      const calls = history.requests({ phase: `without proof: ${name}` });
      const taken = calls.filter(({ status }) => served.includes(status)).map(({ tags }) => tags.proof);
      const judged = {
        check: `requires credentials: ${name}`,
        expected: `4xx: ${WORTHLESS.join(', ')}`,
        observed: tally(calls.map(({ status }) => status)),
      };
      if (taken.length > 0) return [{ ...judged, verdict: 'FAIL', evidence: taken.map((proof) => `served: ${proof}`) }];
      const refused = calls.filter(({ status }) => status >= 400 && status < 500 && status !== 429);
      const isWhole = WORTHLESS.every((proof) => refused.some(({ tags }) => tags.proof === proof));
      return [{ ...judged, verdict: isWhole ? 'PASS' : 'INCONCLUSIVE' }];
    });
  },
};
