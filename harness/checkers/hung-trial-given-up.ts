import type { History } from '../history/history.ts';
import { breakerOf, type Checker, type Finding } from './checker.ts';
import { moments } from './moments.ts';
import { judgeExcess, noiseMs } from './noise.ts';
import { EARLY_MS, LATE_MS, latestGivenUp } from './tolerances.ts';

/**
 * A trial that is never answered does not hold its breaker half-open for ever: by the call's timeout it has failed, the breaker
 * is open for a whole recovery timeout, and then there is another trial (R4). In the phase "hung trial" the script calls until a
 * call reaches the upstream, where it hangs; in the one after it calls until one is served.
 */
export const hungTrialGivenUp: Checker = (history, facts) =>
  Object.keys(facts.contract.breakers).flatMap((name) => {
    const breaker = breakerOf({ ...facts, breaker: name });
    const { callTimeoutSeconds } = breaker;
    return callTimeoutSeconds === undefined
      ? []
      : judge(history, { ...breaker, callTimeoutSeconds }, noiseMs(history, facts));
  });

function judge(
  history: History,
  breaker: ReturnType<typeof breakerOf> & { callTimeoutSeconds: number },
  noise: number,
): Finding[] {
  const { name, upstream, recoverySeconds, callTimeoutSeconds } = breaker;
  const phase = `hung trial: ${name}`;
  const [hung, second] = history.receiptsIn(phase, upstream);
  // Those before it were refused.
  const trial = history.requests({ phase }).at(-1);
  const givenUp = {
    check: `gives up a hung trial: ${name}`,
    expected: `the trial's caller is answered within ${callTimeoutSeconds} s`,
  };
  const reopens = {
    check: `reopens after a hung trial: ${name}`,
    expected: `the next trial ${recoverySeconds} s after it was given up`,
  };
  if (!hung || second || !trial) {
    const observed = second ? 'more than one call reached it' : 'no hung trial was seen';
    return [givenUp, reopens].map((judged) => ({ ...judged, observed, verdict: 'INCONCLUSIVE' }));
  }
  const late = judgeExcess(trial.ms, latestGivenUp(callTimeoutSeconds * 1_000), noise);
  const took = `after ${(trial.ms / 1_000).toFixed(2)} s: ${trial.status}`;
  const answered = trial.at + trial.ms;
  return [
    { ...givenUp, observed: took, verdict: trial.status === 0 && late === 'PASS' ? 'INCONCLUSIVE' : late },
    { ...reopens, ...next(history, breaker, { from: Math.min(hung.endedAt ?? answered, answered), answered, noise }) },
  ];
}

/** The next trial: not before a whole recovery timeout, counted from when the upstream or the caller saw the last one end. */
function next(
  history: History,
  { name, upstream, recoverySeconds, refusal }: ReturnType<typeof breakerOf>,
  { from, answered, noise }: { from: number; answered: number; noise: number },
): Pick<Finding, 'observed' | 'verdict' | 'evidence'> {
  const phase = `after hung trial: ${name}`;
  const timeout = recoverySeconds * 1_000;
  const after = (at: number) => `${((at - from) / 1_000).toFixed(2)} s`;
  const [first] = history.receiptsIn(phase, upstream);
  const calls = history.requests({ phase });
  const early = first ? judgeExcess(timeout - (first.at - from), EARLY_MS, noise) : 'PASS';
  const seen = (what: string, at: number) => moments(history, { 'the hung trial was given up': from, [what]: at });
  if (first && early !== 'PASS') {
    const evidence = seen('the call arrived', first.at);
    return { observed: `a call reached ${upstream} after ${after(first.at)}`, verdict: early, evidence };
  }
  const refused = calls.findLast(({ status }) => status === refusal);
  const late = refused ? judgeExcess(refused.at - answered - timeout, LATE_MS, noise) : 'PASS';
  if (refused && late !== 'PASS') {
    const evidence = seen('the call was sent', refused.at);
    return { observed: `a call was still refused after ${after(refused.at)}`, verdict: late, evidence };
  }
  if (!first) return { observed: 'no call came late enough to be the next trial', verdict: 'INCONCLUSIVE' };
  return { observed: after(first.at), verdict: 'PASS' };
}
