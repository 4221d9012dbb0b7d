import type { Checker } from '../lib/checker.ts';

/**
 * Checks that calls to a TCP server are not inside TLS, where they can't be counted: checks that compare them with the
 * service's calls would blame the service. Returns no findings otherwise.
 */
export const callsCounted: Checker = {
  name: 'calls-counted',
  usually:
    'The service connects to this server over TLS. Turn TLS off in the lab, or leave out `calls` and the breaker in front of it.',
  judge(history) {
    const encrypted = history.all('receipt').filter((one) => one.kind === 'connection' && one.encrypted);
    if (encrypted.length === 0) return [];
    const upstreams = [...new Set(encrypted.map(({ upstream }) => upstream))].join(', ');
    return [
      {
        check: 'calls can be counted',
        expected: 'the calls to TCP servers are not encrypted',
        observed: `${encrypted.length} connections to ${upstreams} used TLS`,
        verdict: 'INCONCLUSIVE',
        voids: 'everything',
      },
    ];
  },
};
