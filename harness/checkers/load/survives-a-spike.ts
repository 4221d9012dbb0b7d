import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, capacityNumbers, capacityOf, type Facts, isServed, tally } from '../lib/checker.ts';
import { type EntryOrNone, eachEntry } from '../lib/each-entry.ts';
import { healthCases, healthStaysUp } from '../lib/health-stays-up.ts';
import { longestLessNoise, noiseOf, ownTime } from '../lib/noise.ts';
import { secondsBetween } from '../lib/request-times.ts';
import { starvation } from '../lib/starvation.ts';
import { describeStep, MOST, stepOf } from './load-steps.ts';

/** A request in a spike counts as hanging after this many milliseconds. */
const HANGING_MS = 10_000;
/** Number of seconds within which the service must meet its objective again. */
const CALM_WITHIN_SECONDS = 5;

/**
 * Checks that under a load far above the promised one, each request is served or rejected as the contract says, and
 * none hangs. /health must stay up, and soon afterwards the service must meet its objective again.
 */
export const survivesASpike: BuiltInChecker = {
  name: 'survives-a-spike',
  timed: true,
  restsOn: ['endpoints-served'],
  usually:
    'Requests are queued without a limit. Shed load early with a bounded queue, and reject further requests immediately.',
  fix: 'Limit the requests in progress and the queue for them. Respond to further requests with 503 and Retry-After.',
  cases: (facts) => [
    {
      check: ANSWERS_CHECK,
      promises: [
        ['capacity', 'refusal'],
        ['endpoints', capacityOf(facts).endpoint, 'served'],
      ],
    },
    ...healthCases('spike', facts),
    { check: CALM_CHECK, promises: capacityNumbers('withinMs', 'share') },
  ],
  judge: (history, facts) => [
    answersAll(history, facts),
    ...healthStaysUp('spike', history, history.phases('spike'), facts),
    ...eachEntry(history.phases('calm after')).map((phases) => isCalmAgain(history, facts, phases)),
  ],
};

const ANSWERS_CHECK = 'serves or refuses a spike';
const CALM_CHECK = 'recovers after a spike';

function answersAll(history: History, facts: Facts): Finding {
  const { refusal, requestsPerSecond } = capacityOf(facts);
  const [phases, tags] = [history.phases('spike'), { about: 'spike' }];
  const calls = history.requestsIn(phases, tags);
  const wrong = calls.filter((call) => call.status !== refusal && !isServed(facts, call));
  const longest = Math.max(0, ...calls.map(({ ms }) => ms));
  const [first = Number.NaN, last = Number.NaN] = [calls[0]?.at, calls.at(-1)?.at];
  const perSecond = calls.length === 0 ? 0 : (calls.length / Math.max(1, last - first)) * 1_000;
  const noise = noiseOf(history, facts);
  const evidence = longestLessNoise(calls, HANGING_MS, noise);
  const judged = {
    check: ANSWERS_CHECK,
    requests: tagsIn(phases, tags),
    expected: `served or ${refusal}, none left hanging`,
    observed:
      `${perSecond.toFixed(0)}/s: ${tally(calls.map(answerOf))}; ` +
      `the longest took ${(longest / 1_000).toFixed(2)} s`,
    ...(evidence.length > 0 && { evidence }),
  };
  if (wrong.length > 0 || calls.some((call) => ownTime(call, noise) > HANGING_MS))
    return { ...judged, verdict: 'FAIL' };
  const isWhole = calls.length >= history.sentIn(phases, tags).length * MOST;
  const isSpike = perSecond > 2 * requestsPerSecond;
  return { ...judged, verdict: isSpike && isWhole && longest <= HANGING_MS ? 'PASS' : 'INCONCLUSIVE' };
}

function isCalmAgain(history: History, facts: Facts, phases: EntryOrNone): Finding {
  const judged = {
    check: CALM_CHECK,
    requests: tagsIn(phases),
    expected: `the latency objective is met again within ${CALM_WITHIN_SECONDS} s`,
  };
  const starved = starvation(history);
  const before = stepOf(history.sentIn(history.phases('calm before')), facts, starved);
  const looks = [...Map.groupBy(history.sentIn(phases), ({ tags }) => tags.look).values()].map((of) =>
    stepOf(of, facts, starved),
  );
  const met = looks.find(({ isBorne }) => isBorne);
  const seconds = secondsBetween(phases[0]?.at ?? Number.NaN, met?.calls[0]?.at ?? Number.NaN);
  const after = looks.length === 0 ? 'nothing' : describeStep(met ?? (looks.at(-1) as (typeof looks)[number]));
  const observed = met ? `${seconds.toFixed(2)} s after it: ${after}` : `never: ${after}`;
  if (!before.isBorne || !before.isSound || looks.length === 0) return { ...judged, observed, verdict: 'INCONCLUSIVE' };
  if (met && seconds <= CALM_WITHIN_SECONDS) {
    return { ...judged, observed, verdict: met.isSound ? 'PASS' : 'INCONCLUSIVE', secondsToRecover: seconds };
  }
  // Requests that were sent late tell more about the generator than about the service.
  return { ...judged, observed, verdict: looks.every(({ isSound }) => isSound) ? 'FAIL' : 'INCONCLUSIVE' };
}
