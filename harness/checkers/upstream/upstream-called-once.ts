import { count } from '../../base/in-words.ts';
import { tells } from '../../history/tells.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Checker, tally } from '../lib/checker.ts';
import { noiseOf, ownTime } from '../lib/noise.ts';

/** Maximum response time if the upstream fails immediately, in milliseconds, regardless of its Retry-After. */
const AT_ONCE_MS = 5_000;

/**
 * Checks that one request makes one upstream call, even if that call fails, because a retry below the breaker hides
 * failures from it and makes an overload worse. The service must not make a caller wait for as long as an upstream's
 * Retry-After, and must not return a false success, except from an endpoint that is served without that upstream
 * according to the contract.
 */
export const upstreamCalledOnce: Checker = {
  name: 'upstream-called-once',
  restsOn: ['steady-state', 'endpoints-reach-upstreams'],
  usually:
    'A client library retries by default (the openai and groq SDKs retry twice), or respects Retry-After. Set its retries to 0.',
  judge(history, facts) {
    const noise = noiseOf(history, facts);
    const { endpoints } = facts.contract;
    const phases = history.phasesLike('failing * * in *');
    return phases.map(({ name: phase, parts: [upstream = '', kind, endpoint = ''] }): Finding => {
      const { served = [], servedWithout = [] } = endpoints[endpoint] ?? {};
      const calls = history.sent({ phase });
      const reached = history.receiptsIn(phase, upstream);
      const failed = reached.filter(({ faults }) => faults.length > 0).length;
      const longest = Math.max(0, ...calls.map(({ ms }) => ms));
      const judged = {
        check: `calls ${upstream} once: ${kind}, ${endpoint}`,
        requests: [{ phase }],
        expected: `${count(calls.length, 'request')} for ${count(calls.length, 'call')}, each answered within ${AT_ONCE_MS / 1_000} s, and the failure reported as one`,
        observed: `${count(reached.length, 'request')} for ${count(calls.length, 'call')}, ${failed} with a fault; the longest call took ${(longest / 1_000).toFixed(2)} s`,
        evidence: [`calls got ${tally(calls.map(({ status }) => status))}`],
      };
      const isHidden =
        !servedWithout.includes(upstream) &&
        calls.some(({ tags, status }) => tags.about === 'failing' && served.includes(status));
      const isWaited = calls.some((call) => ownTime(call, noise) > AT_ONCE_MS);
      const isLost = calls.some((call) => call.status === 0 && tells(call));
      if (reached.length > calls.length || isWaited || isLost || (isHidden && failed > 0)) {
        return { ...judged, verdict: 'FAIL' };
      }
      const felt =
        longest <= AT_ONCE_MS &&
        failed > 0 &&
        reached.length === calls.length &&
        calls.every(({ status }) => status !== 0);
      return { ...judged, verdict: felt ? 'PASS' : 'INCONCLUSIVE' };
    });
  },
};
