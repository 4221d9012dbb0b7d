import { breakerOf, type Checker, type Finding, worst } from './checker.ts';
import { moments } from './moments.ts';
import { judgeExcess, noiseMs } from './noise.ts';
import { EARLY_MS, TRIAL_LATE_MS } from './tolerances.ts';

/**
 * A failed trial opens the breaker again for a whole recovery timeout (R4), and then there is another. After the trial of
 * the phase "half-open" has failed, the script calls again and again, in the phase "reopened", until one is served.
 */
export const breakerReopens: Checker = (history, facts) => {
  const { upstream, recoverySeconds, refusal } = breakerOf(facts);
  const timeout = recoverySeconds * 1_000;
  const failed = history.receiptsIn('half-open', upstream).at(0);
  const from = failed?.endedAt;
  const calls = history.requests({ phase: 'reopened' });
  const next = history.receiptsIn('reopened', upstream)[0];
  const judged = {
    check: 'reopens for a whole timeout',
    expected: `the next trial ${recoverySeconds} s after a failed one`,
  };
  const say = (verdict: Finding['verdict'], observed: string, evidence?: string[]): Finding[] => [
    { ...judged, verdict, observed, ...(evidence && { evidence }) },
  ];
  if (!from) return say('INCONCLUSIVE', 'no failed trial was seen');
  const after = (at: number) => `${((at - from) / 1_000).toFixed(2)} s`;
  const noise = noiseMs(history, facts);
  const early = next ? judgeExcess(timeout - (next.at - from), EARLY_MS, noise) : 'PASS';
  const seen = (what: string, at: number) => moments(history, { 'the failed trial ended': from, [what]: at });
  if (next && early === 'FAIL') {
    return say(early, `a call reached ${upstream} after ${after(next.at)}`, seen('the call arrived', next.at));
  }
  const trials = history.requests({ phase: 'half-open' }).filter(({ status }) => status !== refusal);
  const answered = Math.max(from, ...trials.map(({ at, ms }) => at + ms));
  const refused = calls.filter(({ status }) => status === refusal).at(-1);
  const late = refused ? judgeExcess(refused.at - answered - timeout, TRIAL_LATE_MS, noise) : 'PASS';
  if (refused && late === 'FAIL') {
    return say(late, `a call was still refused after ${after(refused.at)}`, seen('the call was sent', refused.at));
  }
  if (!next) return say('INCONCLUSIVE', 'no call came late enough to be the next trial');
  const before = calls.filter(({ at, ms }) => at + ms < next.at);
  const other = before.find(({ status }) => status !== refusal && status !== 0);
  if (other) return say('FAIL', `a call before it was answered ${other.status}, not ${refusal}`);
  const times = [from, ...calls.map(({ at }) => at).filter((at) => at <= next.at)];
  const gap = Math.max(...times.map((at, index) => (times[index + 1] ?? next.at) - at));
  if (gap > timeout / 4) return say('INCONCLUSIVE', `nobody called for ${(gap / 1_000).toFixed(2)} s of it`);
  return say(worst([early, late]), `${after(next.at)}; ${times.length - 1} calls before it were refused`);
};
