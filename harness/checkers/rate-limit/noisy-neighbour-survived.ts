import type { Phase } from '../../contract/phase.ts';
import type { Tags } from '../../contract/tags.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answeredInTime } from '../lib/answered-in-time.ts';
import { judgeCeiling } from '../lib/ceiling.ts';
import { type Checker, type Facts, isServed, poolOf, tally } from '../lib/checker.ts';
import { healthStaysUp } from '../lib/health-stays-up.ts';
import { judgeExcess, noiseOf } from '../lib/noise.ts';
import { answered, secondsBetween } from '../lib/request-times.ts';
import { isTold, saidIn } from '../lib/retry-after.ts';

/** The phases in which another client holds all but a few of the connection slots, and all of them. */
const FEW = 'neighbour leaves few';
const PHASES = [FEW, 'neighbour leaves none'] as const;
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
export const noisyNeighbourSurvived: Checker = {
  name: 'noisy-neighbour-survived',
  timed: true,
  restsOn: ['steady-state'],
  usually:
    'The error of a full server (SQLSTATE 53300) is not mapped to the promised status, a call waits for a slot without a timeout, or the pool backs off longer than its Retry-After.',
  judge: (history, facts) => [
    ...PHASES.flatMap((phase) => [
      inTime(phase, history, facts),
      ...healthStaysUp(phase, history, { phase, about: 'health' }, facts),
    ]),
    ceiling(history, facts),
    recoversAtOnce(history, facts),
  ],
};

function inTime(phase: Phase, history: History, facts: Facts): Finding {
  const { acquireTimeoutSeconds, refusal } = poolOf(facts);
  const tags: Tags = { phase, about: 'during' };
  const calls = history.requests(tags);
  return answeredInTime(calls, facts, {
    check: `served or refused: ${phase}`,
    requests: [tags],
    seconds: acquireTimeoutSeconds,
    // With a few slots left, all calls may be served. With none, no call can be.
    felt: phase === FEW ? calls.length > 0 : calls.some(({ status }) => status === refusal),
    began: history.phase(phase)?.at ?? 0,
    noise: noiseOf(history, facts),
  });
}

function ceiling(history: History, facts: Facts): Finding {
  const { max } = poolOf(facts);
  const [first, left] = [history.phase(FEW), history.phase(LEFT)];
  const samples = history.all('connections').filter(({ at }) => first && left && at >= first.at && at < left.until);
  const check = 'stays within the pool beside a neighbour';
  return judgeCeiling(history, samples, { check, max, isEnough: samples.length >= ENOUGH });
}

function recoversAtOnce(history: History, facts: Facts): Finding {
  const said = PHASES.flatMap((phase) => saidIn(history, { phase }))
    .filter(isTold)
    .map(({ value }) => value);
  const bound = said.length > 0 ? Math.max(...said) : AT_ONCE_SECONDS;
  const tags: Tags = { phase: LEFT, about: 'again' };
  const calls = history.requests(tags);
  const served = calls.find((call) => isServed(facts, call));
  const began = history.phase(LEFT)?.at ?? Number.NaN;
  const healed = history
    .all('fault')
    .find(({ at, id, upstream }) => id === undefined && upstream === 'database' && at >= began);
  const seconds = healed && served ? secondsBetween(healed.at, answered(served)) : Number.NaN;
  const judged = {
    check: 'serves again when the neighbour has left',
    requests: [tags],
    expected: `within ${bound} s, ${said.length > 0 ? 'as its refusals said' : 'at once'}`,
    observed: served ? `after ${seconds.toFixed(2)} s` : tally(calls.map(({ status }) => status)),
  };
  if (!healed || calls.length === 0) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (!served) return { ...judged, verdict: 'FAIL' };
  const noise = noiseOf(history, facts)(healed.at + bound * 1_000, answered(served));
  const verdict = judgeExcess((seconds - bound) * 1_000, LATE_MS, noise);
  return { ...judged, verdict, secondsToRecover: seconds };
}
