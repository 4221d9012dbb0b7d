import { entryOf } from '../../base/entry-of.ts';
import { isUnserved } from '../../callers/meaning-of.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { isAuthenticated } from '../../contract/requests.ts';
import { worthlessOf } from '../../contract/worthless.ts';
import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, tally } from '../lib/checker.ts';

/**
 * Checks that an endpoint that requires credentials rejects requests with invalid ones. The script sends each kind
 * once, in a separate phase. A row of another user is one that its own user has stored and read.
 */
export const endpointsAskForProof: BuiltInChecker = {
  name: 'endpoints-ask-for-proof',
  restsOn: ['endpoints-served'],
  usually:
    'The service does not verify credentials (signature and expiry of a token), or the route lacks the authentication middleware.',
  fix: 'Require authentication on all routes, and exempt only the public ones. Verify the signature, `exp` and the algorithm of a token, with a list of allowed algorithms. Look for a row by its key and the user of the caller.',
  cases: (facts) =>
    guarded(facts).map(({ name, endpoint: { onlyOwn } }) => ({
      check: checkOf(name),
      promises: [
        ['endpoints', name, 'authenticated'],
        ...(onlyOwn ? [['endpoints', name, 'onlyOwn']] : []),
        ...ofTokens(facts.contract.authentication),
      ],
    })),
  without: 'the contract has no authentication, or no endpoint with a user or with authenticated: true',
  judge: (history, facts) =>
    guarded(facts).map(({ name, endpoint: { served }, worthless }): Finding => {
      const phases = history.phases('without proof').filter((phase) => phase.endpoint === name);
      const calls = worthless.flatMap((proof) => history.requestsIn(phases, { proof }));
      const own = history.requestsIn(phases, { about: 'own' }).at(-1)?.status ?? 0;
      const [before] = history.requestsIn(phases, { about: 'before' });
      const isRead = own < 300 && served.includes(own) && before?.status !== own;
      const ofOther = (proof: string | undefined) => proof === 'row of another user';
      const taken = calls
        .filter(({ status, tags }) => (ofOther(tags.proof) ? isRead && status === own : served.includes(status)))
        .map(({ tags }) => tags.proof);
      const judged = {
        check: checkOf(name),
        requests: tagsIn(phases),
        expected: `4xx: ${worthless.join(', ')}`,
        observed: tally(calls.map(answerOf)),
      };
      if (taken.length > 0) {
        return {
          ...judged,
          verdict: 'FAIL',
          evidence: taken.map((proof) => `served: ${proof}`),
          ...(taken.every(ofOther) && { usually: OTHERS_ROW }),
        };
      }
      const refused = calls.filter(
        ({ status }) => (status >= 400 && status < 500 && status !== 429) || isUnserved(status),
      );
      const isWhole = worthless.every(
        (proof) => (isRead || !ofOther(proof)) && refused.some(({ tags }) => tags.proof === proof),
      );
      const isUnread = !isRead && worthless.some(ofOther);
      return {
        ...judged,
        verdict: isWhole ? 'PASS' : 'INCONCLUSIVE',
        ...(isUnread && { evidence: ['its own user could not read a new row, or a missing row gets the same answer'] }),
      };
    }),
};

const OTHERS_ROW =
  'The row is found by its key alone, whoever asks: the query does not compare its user with the caller.';

/** Returns the promises about the content of tokens that invalid ones break. */
const ofTokens = (authentication: Facts['contract']['authentication']): PromisePath[] =>
  (['issuer', 'audience'] as const)
    .filter((field) => authentication && entryOf(authentication, field) !== undefined)
    .map((field) => ['authentication', field]);

const checkOf = (endpoint: string): string => `requires credentials: ${endpoint}`;

/** Returns the endpoints that require credentials, with the kinds of invalid ones. */
const guarded = ({ contract: { authentication, endpoints } }: Facts) =>
  Object.entries(endpoints).flatMap(([name, endpoint]) =>
    authentication && isAuthenticated(endpoint)
      ? [{ name, endpoint, worthless: worthlessOf(authentication, endpoint) }]
      : [],
  );
