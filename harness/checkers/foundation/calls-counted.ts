import { count } from '../../base/in-words.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { ifNothingWrong } from './if-nothing-wrong.ts';

const CHECK = 'calls can be counted';

/**
 * Checks that calls to a TCP server are not inside TLS, where they can't be counted: checks that compare them with the
 * service's calls would blame the service. Nothing is compared with the requests to the limiter's store.
 */
export const callsCounted: BuiltInChecker = {
  name: 'calls-counted',
  usually:
    'The service connects to this server over TLS. Turn TLS off in the lab, or leave out `calls` and the breaker in front of it.',
  fix: 'Connect to this server without TLS in the lab, or describe no breaker in front of it.',
  noDefect: 'judges the record: it makes a run INCONCLUSIVE and never blames the service',
  cases: ({ contract: { upstreams, limiter } }) =>
    Object.entries(upstreams).some(
      ([name, { tcp, calls }]) => tcp !== undefined && calls !== undefined && name !== limiter.store,
    )
      ? [{ check: CHECK, promises: [] }]
      : [],
  without: 'the contract has no TCP upstream whose calls are counted (upstreams.NAME.calls)',
  judge(history, { contract: { limiter } }) {
    const made = history
      .all('receipt')
      .filter((receipt) => receipt.kind === 'connection')
      .filter(({ upstream }) => upstream !== limiter.store);
    const encrypted = made.filter((connection) => connection.encrypted);
    const judged = { check: CHECK, expected: 'the calls to TCP servers are not encrypted' };
    if (encrypted.length === 0) {
      return [
        {
          ...judged,
          observed: `none of ${count(made.length, 'connection')} used TLS`,
          verdict: ifNothingWrong(history, made),
        },
      ];
    }
    const upstreams = [...new Set(encrypted.map(({ upstream }) => upstream))].join(', ');
    const observed = `${encrypted.length} connections to ${upstreams} used TLS`;
    return [{ ...judged, observed, verdict: 'INCONCLUSIVE', voids: 'everything' }];
  },
};
