import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Finding } from '../../verdict/finding.ts';
import { numberOf } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, type TimedBreaker, timedBreakers } from '../lib/checker.ts';
import { judgeExcess, type Noise, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { LATE_MS, latestGivenUp } from '../lib/tolerances.ts';
import { judgeNextTrial } from './next-trial.ts';

/**
 * Checks that a trial that never gets a response doesn't keep its breaker half-open forever. The trial must fail after
 * the call timeout, the breaker must stay open for a full recovery timeout, and then there must be another trial.
 *
 * In the phase "hung trial", the script calls until a call reaches the upstream, which doesn't respond. In the next
 * phase, it calls until a call is served.
 */
export const hungTrialGivenUp: BuiltInChecker = {
  name: 'hung-trial-given-up',
  timed: true,
  restsOn: ['slow-upstream-bounded', 'breaker-opens', 'breaker-reopens'],
  usually: 'The trial has no timeout, so a hanging trial keeps the breaker half-open.',
  fix: 'Give the trial the timeout of any other call, and let it count as a failed trial.',
  cases: (facts) =>
    timedBreakers(facts).flatMap((breaker) => [
      { check: givenUpCheck(breaker), promises: [numberOf(breaker, 'callTimeoutSeconds')] },
      { check: reopensCheck(breaker), promises: [numberOf(breaker, 'recoverySeconds')] },
    ]),
  without:
    'no breaker has a callTimeoutSeconds for calls that are attempted once (profiles.NAME.breakers.NAME.callTimeoutSeconds)',
  judge: (history, facts) =>
    timedBreakers(facts).flatMap((breaker) => judge(history, breaker, noiseOf(history, facts))),
};

/** The cause, if the trial was given up in time. */
const NOT_COUNTED =
  'The trial was given up in time, but its timeout is not counted as a failed trial. The breaker closes, or admits the next call at once, or none.';

const givenUpCheck = ({ name }: Breaker): string => `gives up a hung trial: ${name}`;
const reopensCheck = ({ name }: Breaker): string => `reopens after a hung trial: ${name}`;

function judge(history: History, breaker: TimedBreaker, noise: Noise): Finding[] {
  const { name, upstream, recoverySeconds, callTimeoutSeconds, trying } = breaker;
  const phases = history.phases('hung trial', { breaker: name });
  const after = history.related('after', phases);
  const trials = history.receiptsIn(phases, upstream);
  const [hung] = trials;
  const tooMany = trials.length > (trying.most ?? 1);
  // Earlier calls were rejected.
  const trial = history.sentIn(phases).at(-1);
  const givenUp: Pick<Finding, 'check' | 'requests' | 'expected'> = {
    check: givenUpCheck(breaker),
    requests: tagsIn(phases),
    expected: `the trial's caller is answered within ${callTimeoutSeconds} s`,
  };
  const reopens: Pick<Finding, 'check' | 'requests' | 'expected'> = {
    check: reopensCheck(breaker),
    requests: tagsIn(after),
    expected: `the next trial ${recoverySeconds} s after its timeout`,
  };
  if (!hung || tooMany || !trial || !tells(trial)) {
    const observed = tooMany ? `${trials.length} calls reached it` : 'there was no hung trial';
    return [givenUp, reopens].map((judged) => ({ ...judged, observed, verdict: 'INCONCLUSIVE' }));
  }
  const timeout = callTimeoutSeconds * 1_000;
  const late = [trial.ms - timeout, latestGivenUp(timeout) - timeout, noise(trial.at, answered(trial))] as const;
  const isGivenUp = trial.status !== 0 && judgeExcess(...late) === 'PASS';
  const took = `after ${(trial.ms / 1_000).toFixed(2)} s: ${answerOf(trial)}`;
  return [
    {
      ...givenUp,
      observed: took,
      verdict: trial.status === 0 ? 'FAIL' : judgeExcess(...late),
      evidence: whatIsLeft('measured: longer than the timeout by', ...late),
    },
    {
      ...reopens,
      ...(isGivenUp && { usually: NOT_COUNTED }),
      ...judgeNextTrial(
        history,
        breaker,
        { what: 'the hung trial timed out', receipt: hung, answeredAt: answered(trial) },
        { phases: after, lateMs: LATE_MS, noise },
      ),
    },
  ];
}
