import { count } from '../../base/in-words.ts';
import { healthOf } from '../../contract/contract.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { isServed, tally } from '../lib/checker.ts';
import { HEALTH_NEEDS_UPSTREAMS, healthCases } from '../lib/health-stays-up.ts';
import { longestLessNoise, noiseOf, ownTime } from '../lib/noise.ts';
import { fromDue } from '../lib/request-times.ts';
import { SEVERAL } from '../lib/tolerances.ts';

/**
 * Maximum response time of /health, in milliseconds. A service that is frozen for a second delays many calls by more.
 */
const LATE_MS = 500;
/** Minimum number of calls for a PASS. */
const ENOUGH = 20;

/**
 * Checks that the service is never frozen while calls to upstreams fail and are repeated: /health, which the script
 * calls on a schedule, is answered soon. It needs no breaker, so it also judges services without one.
 */
export const healthWhileCallsFail: BuiltInChecker = {
  name: 'health-while-calls-fail',
  timed: true,
  restsOn: ['steady-state'],
  usually:
    'Something blocks the event loop or all workers when a call fails: a synchronous sleep between two attempts (such as time.sleep in an async function), or a synchronous request, file or lock.',
  fix: 'Wait without blocking: `await asyncio.sleep(…)` instead of `time.sleep(…)`, and an asynchronous client, log and file access in the code that handles failures.',
  cases: (facts) => healthCases('calls that fail', facts),
  without: 'it has no `health` endpoint',
  judge(history, facts) {
    if (healthOf(facts.contract) === undefined) return [];
    const noise = noiseOf(history, facts);
    const calls = history.requests({ about: 'health' }).map(fromDue);
    const late = calls.filter(({ ms }) => ms > LATE_MS);
    const proved = late.filter((call) => ownTime(call, noise) > LATE_MS);
    const longest = Math.max(0, ...calls.map(({ ms }) => ms));
    const evidence = [...longestLessNoise(calls, LATE_MS, noise), ...whileDoing(history, proved)];
    const refused = calls.filter((call) => !isServed(facts, call));
    const isWrong = refused.length > 0 || proved.length >= SEVERAL;
    const isRefusal = proved.length < SEVERAL && refused.length > 0 && refused.every(({ status }) => status !== 0);
    return [
      {
        check: 'health stays up: calls that fail',
        requests: [{ about: 'health' }],
        expected: `every call is served within ${LATE_MS} ms`,
        observed: `${tally(calls.map(answerOf))}; ${late.length} late, the longest of ${count(calls.length, 'call')} took ${longest.toFixed(0)} ms`,
        ...(isRefusal && { usually: HEALTH_NEEDS_UPSTREAMS }),
        verdict: isWrong ? 'FAIL' : calls.length >= ENOUGH && late.length < SEVERAL ? 'PASS' : 'INCONCLUSIVE',
        ...(evidence.length > 0 && { evidence }),
      },
    ];
  },
};

/** Names the phases in which calls were late, as evidence: most often, one failure is handled without care. */
function whileDoing(history: History, late: readonly RequestSample[]): string[] {
  const phases = history.all('phase');
  const titles = late.map(({ at }) => phases.findLast((phase) => phase.at <= at)?.title);
  const known = [...new Set(titles)].filter((title) => title !== undefined);
  return known.length === 0 ? [] : [`the late calls were due in: ${known.join('; ')}`];
}
