import { count } from '../../base/in-words.ts';
import { mayOpenByTimeouts } from '../../contract/schema/opening.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import {
  type Checker,
  type Facts,
  howManyReached,
  isServed,
  type TimedBreaker,
  tally,
  timedBreakers,
} from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { judgeExcess, noiseOf } from '../lib/noise.ts';
import { openAfter } from '../lib/open-after.ts';
import { ifPrimed } from '../lib/primed.ts';
import { answered } from '../lib/request-times.ts';
import { latestGivenUp } from '../lib/tolerances.ts';

/**
 * Checks that a call waits for a slow upstream up to its timeout and no longer. Responses within the timeout are
 * served. Later ones time out, and the breaker counts them as failures.
 */
export const slowUpstreamBounded: Checker = {
  name: 'slow-upstream-bounded',
  timed: true,
  restsOn: ['steady-state', 'upstream-attempts'],
  usually: 'The call has no timeout, a timeout for each read instead of the whole call, or retries that multiply it.',
  judge: (history, facts) =>
    timedBreakers(facts).flatMap((timed) => [
      inTime(history, facts, timed),
      ...eachEntry(history.phases('too late', { breaker: timed.name })).flatMap((phase) =>
        tooLate(history, facts, timed, phase),
      ),
    ]),
};

function inTime(history: History, facts: Facts, { name, upstream, callTimeoutSeconds }: TimedBreaker): Finding {
  const phases = history.phases('in time', { breaker: name });
  const calls = history.requestsIn(phases);
  const slow = history.receiptsIn(phases, upstream).filter(({ faults }) => faults.length > 0);
  const [slowed, noise] = [slow.length, noiseOf(history, facts)];
  const served = calls.filter((call) => isServed(facts, call)).length;
  // The machine may have used up the rest of the timeout after the upstream responded.
  const left = callTimeoutSeconds * 1_000 - Math.max(0, ...slow.map(({ at, endedAt }) => (endedAt ?? at) - at));
  const given = calls.filter((call) => !isServed(facts, call) && noise(call.at, answered(call)) < left).length;
  return {
    check: `serves answers within the timeout: ${name}`,
    requests: tagsIn(phases),
    expected: `every call of a slow ${upstream} is served`,
    observed: `${tally(calls.map(({ status }) => status))}; ${slowed} slowed down`,
    verdict: given > 0 ? 'FAIL' : served > 0 && served === calls.length && slowed >= served ? 'PASS' : 'INCONCLUSIVE',
  };
}

/** Returns the kinds of the faults that acted on requests. An answer that is dripped begins at once. */
const kindsOf = (receipts: readonly RequestReceipt[]): string[] =>
  receipts.flatMap(({ faults }) => faults.map((fault) => fault.replace(/^.*:/, '')));

function tooLate(history: History, facts: Facts, breaker: TimedBreaker, phase: Phases): Finding[] {
  const { name, upstream, opening, callTimeoutSeconds } = breaker;
  const threshold = opening.failures;
  const [calls, reached] = [history.requestsIn(phase), history.receiptsIn(phase, upstream)];
  const [longest, noise] = [Math.max(0, ...calls.map(({ ms }) => ms)), noiseOf(history, facts)];
  const latest = latestGivenUp(callTimeoutSeconds * 1_000);
  const late = worst(['PASS', ...calls.map(({ at, ms }) => judgeExcess(ms, latest, noise(at, at + ms)))]);
  const served = calls.some((call) => isServed(facts, call));
  const isSilent = calls.some(({ status }) => status === 0);
  const complete = calls.length === threshold && reached.length === threshold;
  const after = openAfter(history, facts, { phase, breaker, calls, reached });
  return [
    {
      check: `times out late answers: ${name}`,
      requests: tagsIn(phase),
      expected: `every call that ${upstream} answers too late fails after ${callTimeoutSeconds} s`,
      observed: `the longest took ${(longest / 1_000).toFixed(2)} s: ${tally(calls.map(({ status }) => status))}`,
      evidence: [`how ${upstream} was slowed down: ${tally(kindsOf(reached))}`],
      verdict: served || isSilent || late === 'FAIL' ? 'FAIL' : complete ? late : 'INCONCLUSIVE',
    },
    ...(mayOpenByTimeouts(opening, callTimeoutSeconds)
      ? [
          ifPrimed(
            history,
            breaker,
            {
              check: `counts timeouts as failures: ${name}`,
              requests: tagsIn([phase, history.related('after', phase)].flat()),
              expected: `${count(threshold, 'consecutive timeout')}, then no call reaches ${upstream}`,
              observed: `${howManyReached(reached.length, calls.length)}, ${after.observed}`,
              verdict: complete && !served ? after.verdict : 'INCONCLUSIVE',
            },
            { phase },
          ),
        ]
      : []),
  ];
}
