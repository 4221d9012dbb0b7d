import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answeredInTime } from '../lib/answered-in-time.ts';
import { judgeCeiling } from '../lib/ceiling.ts';
import { type Checker, type Facts, isServed, poolOf, tally } from '../lib/checker.ts';
import { healthStaysUp } from '../lib/health-stays-up.ts';
import { judgeExcess, noiseOf } from '../lib/noise.ts';
import { answered, secondsBetween } from '../lib/request-times.ts';
import { isTold, saidIn } from '../lib/retry-after.ts';

/** Phases in which another client holds connection slots of the server: all but a few, and all. */
const [FEW, NONE] = ['neighbour leaves few', 'neighbour leaves none'];
const PHASES = [FEW, NONE];
const LEFT = 'neighbour has left';

/** Milliseconds beyond what the service promises that something may take: timers and sockets of a busy machine. */
const LATE_MS = 1_000;
/** Seconds within which it serves again where its refusals don't say when. */
const AT_ONCE_SECONDS = 5;
/** Looks at pg_stat_activity that the phases must have for their maximum to mean anything. */
const ENOUGH = 10;

/**
 * A server whose slots another client holds (SQLSTATE 53300) is a ceiling like the pool's own (R1): a read is served over
 * what is left, or refused within the acquire timeout; the service never has more connections than its pool may, /health
 * is untouched, and when the neighbour leaves it serves as soon as its refusals said. The script gives their Retry-After to
 * the metric `retry_after_seconds`.
 */
export const noisyNeighbourSurvived: Checker = {
  name: 'noisy-neighbour-survived',
  timed: true,
  restsOn: ['steady-state'],
  usually: 'Refusing is too expensive: work is done before the limit is checked.',
  judge: (history, facts) => [
    ...PHASES.flatMap((phase) => [
      inTime(phase, history, facts),
      ...healthStaysUp(phase, history.requests({ phase, about: 'health' }), facts, noiseOf(history, facts)),
    ]),
    ceiling(history, facts),
    recoversAtOnce(history, facts),
  ],
};

function inTime(phase: string, history: History, facts: Facts): Finding {
  const { acquireTimeoutSeconds, refusal } = poolOf(facts);
  const calls = history.requests({ phase, about: 'during' });
  return answeredInTime(calls, facts, {
    check: `served or refused: ${phase}`,
    seconds: acquireTimeoutSeconds,
    // Over a few slots all may be served; over none nobody.
    felt: phase === FEW ? calls.length > 0 : calls.some(({ status }) => status === refusal),
    began: history.phase(phase)?.at ?? 0,
    noise: noiseOf(history, facts),
  });
}

function ceiling(history: History, facts: Facts): Finding {
  const { max } = poolOf(facts);
  const [first, left] = [history.phase(FEW), history.phase(LEFT)];
  const samples = history.all('connections').filter(({ at }) => first && left && at >= first.at && at < left.until);
  const check = 'never above the ceiling beside a neighbour';
  return judgeCeiling(history, samples, { check, max, isEnough: samples.length >= ENOUGH });
}

function recoversAtOnce(history: History, facts: Facts): Finding {
  const said = PHASES.flatMap((phase) => saidIn(history, { phase }))
    .filter(isTold)
    .map(({ value }) => value);
  const bound = said.length > 0 ? Math.max(...said) : AT_ONCE_SECONDS;
  const calls = history.requests({ phase: LEFT, about: 'again' });
  const served = calls.find((call) => isServed(facts, call));
  const began = history.phase(LEFT)?.at ?? Number.NaN;
  const healed = history
    .all('fault')
    .find(({ at, id, upstream }) => id === undefined && upstream === 'database' && at >= began);
  const seconds = healed && served ? secondsBetween(healed.at, answered(served)) : Number.NaN;
  const judged = {
    check: 'serves again when the neighbour has left',
    expected: `within ${bound} s, ${said.length > 0 ? 'as its refusals said' : 'at once'}`,
    observed: served ? `after ${seconds.toFixed(2)} s` : tally(calls.map(({ status }) => status)),
  };
  if (!healed || calls.length === 0) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (!served) return { ...judged, verdict: 'FAIL' };
  const noise = noiseOf(history, facts)(healed.at + bound * 1_000, answered(served));
  const verdict = judgeExcess((seconds - bound) * 1_000, LATE_MS, noise);
  return { ...judged, verdict, secondsToRecover: seconds };
}
