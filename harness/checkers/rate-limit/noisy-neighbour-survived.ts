import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answeredInTime } from '../lib/answered-in-time.ts';
import { judgeCeiling } from '../lib/ceiling.ts';
import {
  type BuiltInChecker,
  type Facts,
  isServed,
  poolNumber,
  poolOf,
  poolServed,
  tally,
  withEvidence,
} from '../lib/checker.ts';
import { type EntryOrNone, eachEntry } from '../lib/each-entry.ts';
import { HEALTH_NEEDS_DATABASE, healthCases, healthStaysUp } from '../lib/health-stays-up.ts';
import { judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { answered, secondsBetween } from '../lib/request-times.ts';
import { hasValue, saidIn } from '../lib/retry-after.ts';

/** The phases in which another client holds all but a few of the connection slots, and all of them. */
const FEW = 'neighbour leaves few';
const NONE = 'neighbour leaves none';
const LEFT = 'neighbour has left';

/** Tolerance for late responses, in milliseconds. Timers and sockets are slow on a busy machine. */
const LATE_MS = 1_000;
/** Number of seconds within which the service must serve calls again if its rejections have no Retry-After. */
const AT_ONCE_SECONDS = 5;
/** Minimum number of pg_stat_activity samples in these phases. */
const ENOUGH = 10;

/**
 * Checks that a database server whose slots are held by another client (SQLSTATE 53300) is treated like an exhausted
 * pool: a read is served with the remaining slots or rejected within the acquire timeout, the service stays within its
 * pool, and /health is unaffected.
 *
 * When the neighbor leaves, the service must recover within its own Retry-After, which the script adds to the metric
 * `retry_after_seconds`.
 */
export const noisyNeighbourSurvived: BuiltInChecker = {
  name: 'noisy-neighbour-survived',
  timed: true,
  restsOn: ['steady-state'],
  countsConnections: true,
  usually:
    'The error of a full server (SQLSTATE 53300) is not mapped to the promised status, a call waits for a slot without a timeout, or the pool backs off longer than its Retry-After.',
  fix: 'Map SQLSTATE 53300 to the promised status, set a timeout for new connections, and try again no later than Retry-After says.',
  cases: (facts) => [
    ...([FEW, NONE] as const).flatMap((action) => [
      { check: inTimeCheck(action), promises: [['pool', 'refusal'], poolNumber('acquireTimeoutSeconds')] },
      ...healthCases(action, facts),
    ]),
    { check: CEILING_CHECK, promises: [poolNumber('max')] },
    {
      check: AGAIN_CHECK,
      promises: [...poolServed(facts), ...(poolOf(facts).retryAfter ? [['pool', 'retryAfter']] : [])],
    },
  ],
  judge: (history, facts) => [
    ...([FEW, NONE] as const).flatMap((action) => [
      inTime(action, history, facts),
      ...healthStaysUp(action, history, history.phases(action), facts, HEALTH_NEEDS_DATABASE),
    ]),
    ceiling(history, facts),
    ...eachEntry(history.phases(LEFT)).map((phases) => recoversAtOnce(history, facts, phases)),
  ],
};

const inTimeCheck = (action: string): string => `served or refused: ${action}`;
const CEILING_CHECK = 'stays within the pool beside a neighbour';
const AGAIN_CHECK = 'serves again when the neighbour has left';

function inTime(action: typeof FEW | typeof NONE, history: History, facts: Facts): Finding {
  const { acquireTimeoutSeconds, refusal } = poolOf(facts);
  const [phases, tags] = [history.phases(action), { about: 'during' }];
  const calls = history.requestsIn(phases, tags);
  return answeredInTime(calls, facts, {
    check: inTimeCheck(action),
    requests: tagsIn(phases, tags),
    seconds: acquireTimeoutSeconds,
    // With a few slots left, all calls may be served. With none, no call can be.
    felt: action === FEW ? calls.length > 0 : calls.some(({ status }) => status === refusal),
    began: phases[0]?.at ?? 0,
    noise: noiseOf(history, facts),
  });
}

function ceiling(history: History, facts: Facts): Finding {
  const { max } = poolOf(facts);
  const entered = ([FEW, NONE, LEFT] as const).map((action) => history.phases(action));
  const isWhole = entered.every(({ length }) => length > 0);
  const phases = entered.flat();
  const samples = history.allIn('connections', phases);
  return judgeCeiling(history, samples, { check: CEILING_CHECK, max, isEnough: isWhole && samples.length >= ENOUGH });
}

function recoversAtOnce(history: History, facts: Facts, phases: EntryOrNone): Finding {
  const beside = [...history.phases(FEW), ...history.phases(NONE)];
  const said = saidIn(history, {}, beside)
    .filter(hasValue)
    .map(({ value }) => value);
  const bound = said.length > 0 ? Math.max(...said) : AT_ONCE_SECONDS;
  const tags = { about: 'again' };
  const calls = history.requestsIn(phases, tags);
  const served = calls.find((call) => isServed(facts, call));
  const began = phases[0]?.at ?? Number.NaN;
  const healed = history
    .all('fault')
    .find(({ at, id, upstream }) => id === undefined && upstream === 'database' && at >= began);
  const seconds = healed && served ? secondsBetween(healed.at, answered(served)) : Number.NaN;
  const judged = {
    check: AGAIN_CHECK,
    requests: tagsIn(phases, tags),
    expected: `within ${bound} s, ${said.length > 0 ? 'as its refusals said' : 'at once'}`,
    observed: served ? `after ${seconds.toFixed(2)} s` : tally(calls.map(answerOf)),
  };
  if (!healed || calls.length === 0) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (!served) return { ...judged, verdict: 'FAIL' };
  const noise = noiseOf(history, facts)(healed.at + bound * 1_000, answered(served));
  const excessMs = (seconds - bound) * 1_000;
  const verdict = judgeExcess(excessMs, LATE_MS, noise);
  const left = verdict === 'PASS' ? [] : whatIsLeft('measured: too late by', excessMs, LATE_MS, noise);
  return withEvidence<Finding>({ ...judged, verdict, secondsToRecover: seconds }, left);
}
