import { count } from '../../base/in-words.ts';
import { mayOpenByTimeouts } from '../../contract/schema/opening.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { numberOf, promiseOf, whenItOpens } from '../lib/breaker-promises.ts';
import {
  type BuiltInChecker,
  type Facts,
  howManyReached,
  isServed,
  type TimedBreaker,
  tally,
  timedBreakers,
} from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { judgeExcess, noiseOf, whatIsLeftOver } from '../lib/noise.ts';
import { openAfter } from '../lib/open-after.ts';
import { ifPrimed } from '../lib/primed.ts';
import { answered } from '../lib/request-times.ts';
import { latestGivenUp } from '../lib/tolerances.ts';
import { whyNotAtOnce } from './at-once.ts';
import { whyTooLong } from './why-too-long.ts';

/**
 * Checks that a call waits for a slow upstream up to its timeout and no longer. Responses within the timeout are
 * served. Later ones time out, and the breaker counts them as failures.
 */
export const slowUpstreamBounded: BuiltInChecker = {
  name: 'slow-upstream-bounded',
  timed: true,
  restsOn: ['steady-state', 'upstream-attempts'],
  usually: 'The call has no timeout, a timeout for each read instead of the whole call, or retries that multiply it.',
  fix: 'Set one timeout for the whole call including the body: `AbortSignal.timeout(ms)` in Node, `asyncio.timeout(s)` in Python, a context with a deadline in Go. It must cover all attempts.',
  cases: (facts) =>
    timedBreakers(facts).flatMap((breaker) => {
      const timeout = [numberOf(breaker, 'callTimeoutSeconds')];
      return [
        { check: inTimeCheck(breaker), promises: timeout },
        { check: tooLateCheck(breaker), promises: timeout },
        ...(countsTimeouts(breaker)
          ? [{ check: countsCheck(breaker), promises: [whenItOpens(breaker), promiseOf(breaker, 'refusal')] }]
          : []),
      ];
    }),
  without: 'no breaker whose calls are never retried has a `callTimeoutSeconds`',
  judge: (history, facts) =>
    timedBreakers(facts).flatMap((timed) => [
      inTime(history, facts, timed),
      ...eachEntry(history.phases('too late', { breaker: timed.name })).flatMap((phase) =>
        tooLate(history, facts, timed, phase),
      ),
    ]),
};

const inTimeCheck = ({ name }: TimedBreaker): string => `serves answers within the timeout: ${name}`;
const tooLateCheck = ({ name }: TimedBreaker): string => `times out late answers: ${name}`;
const countsCheck = ({ name }: TimedBreaker): string => `counts timeouts as failures: ${name}`;

const countsTimeouts = ({ opening, callTimeoutSeconds }: TimedBreaker): boolean =>
  mayOpenByTimeouts(opening, callTimeoutSeconds);

function inTime(history: History, facts: Facts, breaker: TimedBreaker): Finding {
  const { name, upstream, callTimeoutSeconds } = breaker;
  const phases = history.phases('in time', { breaker: name });
  const calls = history.requestsIn(phases);
  const slow = history.receiptsIn(phases, upstream).filter(({ faults }) => faults.length > 0);
  const [slowed, noise] = [slow.length, noiseOf(history, facts)];
  const served = calls.filter((call) => isServed(facts, call)).length;
  // The machine may have used up the rest of the timeout after the upstream responded.
  const left = callTimeoutSeconds * 1_000 - Math.max(0, ...slow.map(({ at, endedAt }) => (endedAt ?? at) - at));
  const unserved = calls
    .filter((call) => !isServed(facts, call))
    .map((call) => ({ ms: left, noise: noise(call.at, answered(call)) }));
  const given = unserved.filter((call) => call.noise < left).length;
  const evidence = whatIsLeftOver('left of the timeout:', unserved, 0);
  const why = given > 0 ? whyNotAtOnce(calls, slow, upstream) : undefined;
  return {
    check: inTimeCheck(breaker),
    requests: tagsIn(phases),
    expected: `every call of a slow ${upstream} is served`,
    observed: `${tally(calls.map(answerOf))}; ${slowed} slowed down`,
    verdict: given > 0 ? 'FAIL' : served > 0 && served === calls.length && slowed >= served ? 'PASS' : 'INCONCLUSIVE',
    ...(evidence.length > 0 && { evidence }),
    ...(why !== undefined && { usually: why }),
  };
}

/** Returns the cause if calls were given up in time, but are not counted. */
const notCountedIn = (calls: readonly RequestSample[], upstream: string): string =>
  `Calls to ${upstream} that time out are not counted: they were given up in time (${tally(calls.map(answerOf))}). The error of the timeout is another one than the breaker or its caller handles.`;

/** Returns the kinds of the faults that acted on requests. An answer that is dripped begins at once. */
const kindsOf = (receipts: readonly RequestReceipt[]): string[] =>
  receipts.flatMap(({ faults }) => faults.map((fault) => fault.replace(/^.*:/, '')));

function tooLate(history: History, facts: Facts, breaker: TimedBreaker, phase: Phases): Finding[] {
  const { upstream, opening, callTimeoutSeconds } = breaker;
  const threshold = opening.failures;
  const [calls, reached] = [history.requestsIn(phase), history.receiptsIn(phase, upstream)];
  const [longest, noise] = [Math.max(0, ...calls.map(({ ms }) => ms)), noiseOf(history, facts)];
  const timeout = callTimeoutSeconds * 1_000;
  const latest = latestGivenUp(timeout);
  const times = calls.map(({ at, ms }) => ({ ms, noise: noise(at, at + ms) }));
  const late = worst(['PASS', ...times.map((time) => judgeExcess(time.ms, latest, time.noise))]);
  const served = calls.some((call) => isServed(facts, call));
  const isSilent = calls.some(({ status }) => status === 0);
  const complete = calls.length === threshold && reached.length === threshold;
  const after = openAfter(history, facts, { phase, breaker, calls, reached });
  const amounts = { upstream, calls: calls.length, requests: reached.length, latestMs: latest };
  const why = late === 'FAIL' ? (whyNotAtOnce(calls, reached, upstream) ?? whyTooLong(reached, amounts)) : undefined;
  return [
    {
      check: tooLateCheck(breaker),
      requests: tagsIn(phase),
      expected: `every call that ${upstream} answers too late fails after ${callTimeoutSeconds} s`,
      observed: `the longest took ${(longest / 1_000).toFixed(2)} s: ${tally(calls.map(answerOf))}`,
      evidence: [
        `how ${upstream} was slowed down: ${tally(kindsOf(reached))}`,
        ...whatIsLeftOver('measured', times, timeout, latest - timeout),
      ],
      verdict: served || isSilent || late === 'FAIL' ? 'FAIL' : complete ? late : 'INCONCLUSIVE',
      ...(why !== undefined && { usually: why }),
    },
    ...(countsTimeouts(breaker)
      ? [
          ifPrimed(
            history,
            breaker,
            {
              check: countsCheck(breaker),
              requests: tagsIn([phase, history.related('after', phase)].flat()),
              expected: `${count(threshold, 'consecutive timeout')}, then no call reaches ${upstream}`,
              observed: `${howManyReached(reached.length, calls.length)}, ${after.observed}`,
              verdict: complete && !served ? after.verdict : 'INCONCLUSIVE',
              ...(late === 'PASS' && { usually: notCountedIn(calls, upstream) }),
            },
            { phase },
          ),
        ]
      : []),
  ];
}
