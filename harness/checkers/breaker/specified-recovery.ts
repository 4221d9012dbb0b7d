import { count } from '../../base/in-words.ts';
import { isJudged } from '../../contract/attempts.ts';
import type { Tags } from '../../contract/tags.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Finding } from '../../verdict/finding.ts';
import { numberOf, promiseOf, whenItOpens } from '../lib/breaker-promises.ts';
import {
  type Breaker,
  type BuiltInChecker,
  type Case,
  countedBreakers,
  type Facts,
  howManyReached,
  isServedWithout,
  tally,
} from '../lib/checker.ts';
import { judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { reachedDuring } from '../lib/reached-during.ts';
import { answered, lastAnswered, lastSent, secondsBetween } from '../lib/request-times.ts';
import { judgeRetryAfter, saidIn } from '../lib/retry-after.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { NEARLY_ALL, WATCHED_SECONDS } from '../lib/watched.ts';

/**
 * Maximum number of seconds between the opening of a breaker and its first refusal, if the time of the opening is
 * unknown.
 */
const OPENED_BEFORE = 5;
/** Number of seconds by which a Retry-After may be below the rest of the timeout, because it is in whole seconds. */
const ROUNDED = 1;

/**
 * Checks a breaker of a service that was started only with the settings of one profile: it opens after exactly the
 * promised failures, and stays open for the promised time. If its first refusal has a Retry-After, that must match.
 * Further calls show that it stays open: until the recovery timeout, after which a trial must be allowed, or for 12 s
 * of a longer timeout.
 *
 * The tags `about` of the script's calls name the breaker: `failure of NAME`, `recovery of NAME` for the call after the
 * failures, `look at NAME`, and `trial of NAME` if the recovery timeout has ended.
 */
export const specifiedRecovery: BuiltInChecker = {
  name: 'specified-recovery',
  timed: true,
  usually:
    'The promised threshold or recovery timeout is set only in the environment of other profiles, and the service has a different default. Or the service does not read the setting, or caps its value.',
  fix: 'Set the promised threshold and recovery timeout as the defaults in the code, so that they also apply without a setting.',
  cases: (facts) => openedBreakers(facts).flatMap(casesOf),
  without:
    'no breaker has a threshold (profiles.NAME.breakers.NAME.threshold), an endpoint that fails without its upstream, and failures that are never retried',
  judge: (history, facts) => openedBreakers(facts).flatMap((breaker) => judge(history, facts, breaker)),
};

const openedBreakers = (facts: Facts): Breaker[] =>
  countedBreakers(facts).filter((breaker) => isOpened(facts, breaker));

/**
 * Whether the script opens a breaker. Opening one by its rate needs more calls than the limits may allow, and a limit
 * for all clients has been used up.
 */
const isOpened = (facts: Facts, breaker: Breaker): boolean =>
  isJudged(facts.contract, breaker, facts.faults) &&
  breaker.threshold !== undefined &&
  !isServedWithout(facts, breaker.endpoint, breaker.upstream) &&
  facts.numbers.limits[breaker.endpoint]?.clients !== 'together';

function casesOf(breaker: Breaker): Case[] {
  const recovery = numberOf(breaker, 'recoverySeconds');
  return [
    { check: opensCheck(breaker), promises: [whenItOpens(breaker)] },
    ...(breaker.retryAfter
      ? [{ check: saysCheck(breaker), promises: [promiseOf(breaker, 'retryAfter'), recovery] }]
      : []),
    { check: staysOpenCheck(breaker), promises: [recovery] },
    ...(isWatched(breaker) ? [{ check: recoversCheck(breaker), promises: [recovery] }] : []),
  ];
}

const opensCheck = ({ name }: Breaker): string => `opens as specified: ${name}`;
const saysCheck = ({ name }: Breaker): string => `says how long it stays open: ${name}`;
const staysOpenCheck = ({ name }: Breaker): string => `stays open while watched: ${name}`;
const recoversCheck = ({ name }: Breaker): string => `recovers as specified: ${name}`;

/** Whether the script waits for the end of the recovery timeout. */
const isWatched = ({ recoverySeconds }: Breaker): boolean => recoverySeconds <= WATCHED_SECONDS;

function judge(history: History, facts: Facts, breaker: Breaker): Finding[] {
  if (history.sent(refusalTags(breaker)).length === 0) return [];
  return [
    opens(history, breaker),
    ...(breaker.retryAfter ? [saysHowLong(history, breaker)] : []),
    staysOpen(history, breaker),
    ...recovers(history, facts, breaker),
  ];
}

const failuresOf = (history: History, { name }: Breaker) => history.sent({ about: `failure of ${name}` });

const refusalTags = ({ name }: Breaker): Tags => ({ about: `recovery of ${name}` });

const USED_UP = 'the limit of this endpoint is used up';

/** Whether a rate limit answered instead of the breaker. */
const isLimited = ({ refusal }: Breaker, { status }: RequestSample): boolean => status === 429 && refusal !== 429;

/** Judges whether exactly the promised failures reach the upstream, and the next call is refused. */
function opens(history: History, breaker: Breaker): Finding {
  const { name, upstream, opening, refusal } = breaker;
  const failures = failuresOf(history, breaker);
  const reached = reachedDuring(history, upstream, failures).filter(({ faults }) => faults.length > 0).length;
  const [after] = history.requests(refusalTags(breaker));
  const calls = after ? [...failures, after] : failures;
  const judged = {
    check: opensCheck(breaker),
    requests: [{ about: `failure of ${name}` }, refusalTags(breaker)],
    expected: `${count(opening.failures, 'failure')} reach ${upstream}, and the next call is refused`,
    observed: `${howManyReached(reached, failures.length)}; the next one got ${after ? answerOf(after) : 'no answer'}`,
  };
  if (calls.some((call) => isLimited(breaker, call))) {
    return { ...judged, verdict: 'INCONCLUSIVE', evidence: [USED_UP] };
  }
  if (!after || failures.length !== opening.failures || !failures.every(tells)) {
    return { ...judged, verdict: 'INCONCLUSIVE' };
  }
  if (reached < failures.length || after.status !== refusal) return { ...judged, verdict: 'FAIL' };
  return { ...judged, verdict: reached === failures.length ? 'PASS' : 'INCONCLUSIVE' };
}

/** Judges the Retry-After of the first refusal. */
function saysHowLong(history: History, breaker: Breaker): Finding {
  const { recoverySeconds } = breaker;
  const failures = failuresOf(history, breaker);
  const judged = {
    check: saysCheck(breaker),
    requests: [refusalTags(breaker)],
    expected: `Retry-After of ${recoverySeconds} s minus the time since it opened`,
  };
  return judgeRetryAfter(judged, saidIn(history, refusalTags(breaker)), ({ at, value }) => {
    const before = failures.length === 0 ? OPENED_BEFORE : secondsBetween(lastAnswered(failures), at) + ROUNDED;
    return value > recoverySeconds - before && value <= Math.ceil(recoverySeconds) ? 'PASS' : 'FAIL';
  });
}

/** Judges whether all calls are refused for as long as the script watches, but at most for the recovery timeout. */
function staysOpen(history: History, breaker: Breaker): Finding {
  const { name, upstream, recoverySeconds, refusal } = breaker;
  const [failures, tags] = [failuresOf(history, breaker), { about: `look at ${name}` }];
  const due = lastSent(failures) + recoverySeconds * 1_000;
  const all = history.requests(tags).filter((call) => answered(call) < due);
  const looks = all.filter((call) => !isLimited(breaker, call));
  const reached = reachedDuring(history, upstream, looks).length;
  const needed = Math.min(recoverySeconds * NEARLY_ALL, WATCHED_SECONDS);
  const last = secondsBetween(lastAnswered(failures), lastSent(looks));
  const judged = {
    check: staysOpenCheck(breaker),
    requests: [tags],
    expected: `${refusal} for at least ${needed} s of the ${recoverySeconds} s, and no call reaches ${upstream}`,
    observed: `${tally(all.map(answerOf))}, the last ${last.toFixed(1)} s after it opened; ${reached} reached ${upstream}`,
  };
  if (looks.length === 0) {
    const evidence = all.length > 0 ? [USED_UP] : [];
    return { ...judged, observed: 'no call was made at that time', verdict: 'INCONCLUSIVE', evidence };
  }
  if (reached > 0 || looks.some(({ status }) => status !== refusal)) return { ...judged, verdict: 'FAIL' };
  return { ...judged, verdict: last >= needed ? 'PASS' : 'INCONCLUSIVE' };
}

/** Judges whether a call reaches the upstream soon after the recovery timeout, if the script can wait for it. */
function recovers(history: History, facts: Facts, breaker: Breaker): Finding[] {
  const { name, upstream, recoverySeconds } = breaker;
  const tags: Tags = { about: `trial of ${name}` };
  if (!isWatched(breaker) && history.sent(tags).length === 0) return [];
  const calls = history.requests(tags);
  const isTrial = (call: RequestSample) => reachedDuring(history, upstream, [call]).length > 0;
  const opened = lastAnswered(failuresOf(history, breaker));
  const judged = {
    check: recoversCheck(breaker),
    requests: [tags],
    expected: `a call reaches ${upstream} ${recoverySeconds} s after it opened`,
    observed: calls.map(describe).join(', ') || 'no call was made at that time',
  };
  const due = opened + recoverySeconds * 1_000;
  const refused = calls.findLast((call) => !isTrial(call) && !isLimited(breaker, call));
  const excess = refused && ([refused.at - due, LATE_MS, noiseOf(history, facts)(due, refused.at)] as const);
  const late = excess ? judgeExcess(...excess) : 'PASS';
  const evidence = excess ? whatIsLeft('measured: still refused too late by', ...excess) : [];
  const verdict = late === 'FAIL' || calls.some(isTrial) ? late : 'INCONCLUSIVE';
  return [{ ...judged, verdict, evidence }];

  function describe(call: RequestSample): string {
    const end = isTrial(call) ? 'reached it' : `got ${answerOf(call)}`;
    return `${end} after ${secondsBetween(opened, call.at).toFixed(1)} s`;
  }
}
