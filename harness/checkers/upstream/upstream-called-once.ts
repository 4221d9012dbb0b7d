import { count } from '../../base/in-words.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Checker } from '../lib/checker.ts';
import { type FailingCalls, failingCalls } from './failing-calls.ts';

/**
 * Checks that one request makes one upstream call, even if that call fails, because a retry below the breaker hides
 * failures from it and makes an overload worse.
 */
export const upstreamCalledOnce: Checker = {
  name: 'upstream-called-once',
  restsOn: ['steady-state', 'endpoints-reach-upstreams'],
  usually: 'A client library retries by default (the openai and groq SDKs retry twice). Set its retries to 0.',
  judge: (history) => failingCalls(history).map(judgeCalls),
};

function judgeCalls({ phase, upstream, fault, endpoint, failing, again, reached, met }: FailingCalls): Finding {
  const calls = failing.length + again.length;
  const verdict =
    reached.length > calls ? 'FAIL' : met.length > 0 && reached.length === calls ? 'PASS' : 'INCONCLUSIVE';
  return {
    check: `calls ${upstream} once: ${fault}, ${endpoint}`,
    requests: [{ phase }],
    expected: `${count(calls, 'request')} for ${count(calls, 'call')}`,
    observed: `${count(reached.length, 'request')} for ${count(calls, 'call')}, ${met.length} with a fault`,
    verdict,
  };
}
